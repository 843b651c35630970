/** A key pair that signs AWS requests, and whose it is: `Caller` is what its keeper knows of them. */
export type SigningCredential<Caller> = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiresAt?: Date;
  caller: Caller;
};
