import type { NamedCall, Resource } from '../named-call.ts';
import { fillTemplate, type Place } from './arn-template.ts';
import type { IamService } from './open-iam-data.ts';

/**
 * Kinds of EC2's resources by what their ids begin with. What has no id of such a form, or is called by a name in its
 * ARN (a key pair, a placement group), is not here: which it is, its id does not say.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
 */
const KINDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ i: 'instance', vol: 'volume', snap: 'snapshot', ami: 'image', fleet: 'fleet' },
    ...{ eni: 'network-interface', sg: 'security-group', sgr: 'security-group-rule', eipalloc: 'elastic-ip' },
    ...{ vpc: 'vpc', subnet: 'subnet', rtb: 'route-table', acl: 'network-acl', dopt: 'dhcp-options' },
    ...{ igw: 'internet-gateway', eigw: 'egress-only-internet-gateway', nat: 'natgateway' },
    ...{ cagw: 'carrier-gateway', cgw: 'customer-gateway', vgw: 'vpn-gateway', vpn: 'vpn-connection' },
    ...{ pcx: 'vpc-peering-connection', vpce: 'vpc-endpoint', 'vpce-svc': 'vpc-endpoint-service' },
    ...{ pl: 'prefix-list', fl: 'vpc-flow-log', lt: 'launch-template', cr: 'capacity-reservation' },
    ...{ tgw: 'transit-gateway', 'tgw-attach': 'transit-gateway-attachment' },
    ...{ 'tgw-rtb': 'transit-gateway-route-table', h: 'dedicated-host' },
    ...{ sfr: 'spot-fleet-request', sir: 'spot-instances-request' },
  }),
);

const ID = /^([a-z]+(?:-[a-z]+)*)-[0-9a-f]{8,17}$/;

/**
 * What `CreateTags` and `DeleteTags` of EC2 are on: any of its resources, of whichever kind their ids are. An id of
 * another form is unknown. Undefined for every other operation.
 */
export function taggedInEc2(iam: IamService, call: NamedCall, place: Place): readonly Resource[] | undefined {
  const isIts = iam.prefix === 'ec2' && ['CreateTags', 'DeleteTags'].includes(call.operation.name);
  if (!isIts || !Array.isArray(call.parameters.Resources)) return undefined;
  return call.parameters.Resources.map((id: unknown): Resource => {
    const [, prefix = ''] = (typeof id === 'string' && ID.exec(id)) || [];
    const template = iam.resources[KINDS.get(prefix) ?? '']?.[0];
    return template === undefined
      ? { kind: 'unknown' }
      : { kind: 'known', arn: fillTemplate(template, place, () => String(id)) };
  });
}
