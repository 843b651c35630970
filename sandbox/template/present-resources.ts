import type { Resolver } from './resolve-values.ts';
import type { CfnProperties, CfnTemplate } from './types.ts';

/** A resource that stands, its properties resolved. */
export type PresentResource = {
  logicalId: string;
  type: string;
  properties: CfnProperties;
  metadata: CfnProperties;
};

/** The template's resources that the sandbox has a use for; others are not even resolved. */
export function presentResources(template: CfnTemplate, resolver: Resolver): PresentResource[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => SERVED.has(resource.Type) && resolver.holds(resource.Condition))
    .map(([logicalId, resource]) => ({
      logicalId,
      type: resource.Type,
      properties: resolver.resolve(resource.Properties ?? {}) as CfnProperties,
      metadata: resource.Metadata ?? {},
    }));
}

const SERVED = new Set([
  'AWS::DynamoDB::Table',
  'AWS::Lambda::Function',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Pipes::Pipe',
  'AWS::Events::Rule',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::StepFunctions::StateMachine',
  'AWS::KMS::Key',
  'AWS::KMS::Alias',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
  'AWS::SNS::Topic',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::Method',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
]);
