import {
  CloudControlClient,
  DeleteResourceCommand,
  GetResourceCommand,
  paginateListResources,
  UpdateResourceCommand,
  waitUntilResourceRequestSuccess,
} from '@aws-sdk/client-cloudcontrol';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import type { ClientOptions } from './aws-account.ts';
import type { Identified } from './missing-resources.ts';
import type { Outputs } from './next-steps.ts';

const STACK = 'Postern';
/** Seconds for one resource to go. */
const MOST_SECONDS = 600;

const UNPROTECT = JSON.stringify([{ op: 'replace', path: '/DeletionProtectionEnabled', value: false }]);

/** The deployed stack and what it holds. */
export function makeStackResources(options: ClientOptions = {}) {
  const stacks = new CloudFormationClient(options);
  const cloud = new CloudControlClient(options);
  const done = (requested: { ProgressEvent?: { RequestToken?: string | undefined } | undefined }) =>
    waitUntilResourceRequestSuccess(
      { client: cloud, maxWaitTime: MOST_SECONDS },
      { RequestToken: requested.ProgressEvent?.RequestToken },
    );
  return {
    async outputs(): Promise<Outputs> {
      const { Stacks = [] } = await stacks.send(new DescribeStacksCommand({ StackName: STACK }));
      const outputs = Stacks[0]?.Outputs ?? [];
      return Object.fromEntries(
        outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      );
    },

    async list(): Promise<Identified[]> {
      const all: Identified[] = [];
      for await (const page of paginateListStackResources({ client: stacks }, { StackName: STACK }))
        for (const { ResourceType = '', PhysicalResourceId = '' } of page.StackResourceSummaries ?? [])
          all.push({ typeName: ResourceType, identifier: PhysicalResourceId });
      return all;
    },

    /** Everything of a type that the account has in this region, whoever made it. */
    async listAll(typeName: string): Promise<Identified[]> {
      const all: Identified[] = [];
      for await (const page of paginateListResources({ client: cloud }, { TypeName: typeName }))
        for (const { Identifier = '' } of page.ResourceDescriptions ?? [])
          all.push({ typeName, identifier: Identifier });
      return all;
    },

    /** A resource as it stands. Throws where there is none. */
    async read({ typeName: TypeName, identifier: Identifier }: Identified): Promise<Record<string, unknown>> {
      const { ResourceDescription } = await cloud.send(new GetResourceCommand({ TypeName, Identifier }));
      return JSON.parse(ResourceDescription?.Properties ?? '{}') as Record<string, unknown>;
    },

    /**
     * Removes a resource; of a table first the protection that keeps it from being deleted by mistake. One that is not
     * there is removed.
     */
    async remove({ typeName: TypeName, identifier: Identifier }: Identified): Promise<void> {
      try {
        await cloud.send(new GetResourceCommand({ TypeName, Identifier }));
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return;
        throw error;
      }
      if (TypeName === 'AWS::DynamoDB::Table')
        await done(
          await cloud.send(new UpdateResourceCommand({ TypeName, Identifier, PatchDocument: UNPROTECT })),
        );
      await done(await cloud.send(new DeleteResourceCommand({ TypeName, Identifier })));
    },
  };
}
