declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** DynamoDB's API over leveldb; the tables are under `path`, or in memory without it. */
  export default function dynalite(options?: {
    path?: string;
    createTableMs?: number;
    updateTableMs?: number;
    deleteTableMs?: number;
    maxItemSizeKb?: number;
  }): Server;
}
