import * as z from 'zod';

/** How the gateway runs, where the stack runs it: see docs/gateway.md. */
export const gatewayTasksSchema = z.strictObject({
  /** Its image, by its digest: what was looked at is what runs. */
  image: z
    .string()
    .regex(
      /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/[a-z0-9][a-z0-9._/-]*@sha256:[0-9a-f]{64}$/,
      'is not an image of ECR by its digest: …/name@sha256:…',
    ),
  /** The name that clients call it by; the certificate's, and for S3's buckets `*.` of it. */
  hostName: z
    .string()
    .regex(
      /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
      'is not the name of a host',
    ),
  certificateArn: z
    .string()
    .regex(/^arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/, 'is not a certificate'),
  /** The secret that holds the seed. It is read by the tasks alone, and is nowhere in the template. */
  seedSecretArn: z
    .string()
    .regex(/^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/, 'is not the ARN of a secret'),
  vpcId: z.string().regex(/^vpc-[0-9a-f]+$/, 'is not a VPC: vpc-…'),
  /** At least two, in zones of their own, with a way to AWS. */
  subnetIds: z
    .array(z.string().regex(/^subnet-[0-9a-f]+$/, 'is not a subnet: subnet-…'))
    .min(2)
    .max(6),
  /** Who may connect. */
  allowedCidrs: z.array(z.cidrv4('is not a range of IPv4 addresses')).min(1).max(20),
  tasks: z.int().min(2).max(20).default(2),
  /** Gives the load balancer addresses on the internet. Tasks have none either way. */
  isPublic: z.boolean().default(false),
  /** Interface and gateway endpoints that the tasks' own calls must come through: a session of theirs is worth nothing elsewhere. */
  vpcEndpointIds: z
    .array(z.string().regex(/^vpce-[0-9a-f]+$/, 'is not a VPC endpoint: vpce-…'))
    .max(20)
    .default([]),
});
export type GatewayTasksSettings = z.infer<typeof gatewayTasksSchema>;
