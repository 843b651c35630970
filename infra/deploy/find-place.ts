import { NotReady } from './not-ready.ts';

/** Where a deployment goes. */
export type Place = { readonly account: string; readonly region: string };

type Ports = {
  /** The region of the environment or the profile. Throws where none is set. */
  region(): Promise<string>;
  /** The account that the credentials belong to. Throws where there are none, or they are refused. */
  account(): Promise<string | undefined>;
};

/** What `deployment.json` says of the place, where it says anything. */
type Named = { readonly [Part in keyof Place]?: Place[Part] | undefined };

/** Finds where to deploy to, before anything is built. Throws NotReady, also where the settings name another place. */
export async function findPlace(ports: Ports, named: Named): Promise<Place> {
  const region = await orNotReady(ports.region(), 'no region is set: set AWS_REGION');
  if (named.region && named.region !== region)
    throw new NotReady(
      `deployment.json names the region ${named.region}, not ${region}: set AWS_REGION to it`,
    );
  const account = await orNotReady(
    ports.account(),
    'there are no valid AWS credentials: sign in, or set AWS_PROFILE',
  );
  if (named.account && named.account !== account)
    throw new NotReady(
      `these credentials are of account ${account}, and deployment.json names ${named.account}: set AWS_PROFILE`,
    );
  return { account, region };
}

async function orNotReady<T>(answering: Promise<T | undefined>, otherwise: string): Promise<T> {
  const answer = await answering.catch((cause: unknown) => {
    throw new NotReady(otherwise, { cause });
  });
  if (answer === undefined) throw new NotReady(otherwise);
  return answer;
}
