import { Messages, Schemas } from 'scimmy';
import { asJson } from '../shared/domain/digest.ts';

const { User, Group, EnterpriseUser } = Schemas;

/** Read, and let go: what providers send of people's work makes no principal. */
// The library takes the class; its types say an instance.
User.extend(EnterpriseUser as never);

export const USER_SCHEMA = User.id;
export const GROUP_SCHEMA = Group.id;
export const LIST_SCHEMA = Messages.ListResponse.id;

/** What is kept of each kind; nothing else is said to be there. */
const STORED: Readonly<Record<string, readonly string[]>> = {
  [USER_SCHEMA]: ['userName', 'externalId', 'name', 'displayName', 'active', 'emails'],
  [GROUP_SCHEMA]: ['displayName', 'externalId', 'members'],
};
/** Of those that have parts. */
const STORED_PARTS: Readonly<Record<string, readonly string[]>> = {
  name: ['formatted', 'familyName', 'givenName'],
  emails: ['value', 'type', 'primary', 'display'],
  members: ['value'],
};

const RESOURCE_TYPES = [
  { name: 'User', endpoint: '/Users', schema: USER_SCHEMA, description: 'Somebody of the organisation' },
  { name: 'Group', endpoint: '/Groups', schema: GROUP_SCHEMA, description: 'A group of users' },
];

const located = (resourceType: string, location: string) => ({ meta: { resourceType, location } });

/** The two resource types, as RFC 7643 §6 has them. */
export const resourceTypes = (base: string) =>
  RESOURCE_TYPES.map((type) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: type.name,
    ...type,
    ...located('ResourceType', `${base}/ResourceTypes/${type.name}`),
  }));

/** Their schemas, as far as attributes are kept (RFC 7643 §7). */
export const schemas = (base: string) =>
  [User.definition, Group.definition].map((definition) => {
    // The library's attributes become what they say of themselves as JSON alone.
    const described = asJson(definition.describe(`${base}/Schemas`));
    const stored = STORED[described.id] ?? [];
    const attributes = described.attributes
      .filter(({ name }) => stored.includes(name))
      .map((attribute) => ({
        ...attribute,
        // Whether somebody is there is never assumed.
        ...(attribute.name === 'active' && { required: true }),
        ...(attribute.subAttributes && {
          subAttributes: attribute.subAttributes.filter(({ name }) =>
            STORED_PARTS[attribute.name]?.includes(name),
          ),
        }),
      }));
    return { ...described, attributes, ...located('Schema', `${base}/Schemas/${described.id}`) };
  });

/** Users or groups that one answer lists at most. */
export const MOST_LISTED = 200;

/** What this service can do (RFC 7643 §5). */
export const serviceProviderConfig = (base: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MOST_LISTED },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'OAuth Bearer Token',
      description: 'The token that an operator put into the secret postern/scim',
      specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
      primary: true,
    },
  ],
  ...located('ServiceProviderConfig', `${base}/ServiceProviderConfig`),
});
