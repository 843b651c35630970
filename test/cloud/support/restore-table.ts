import {
  CreateBackupCommand,
  DeleteTableCommand,
  DynamoDBClient,
  RestoreTableFromBackupCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import type { Emulator } from './start-emulator.ts';

/**
 * Backs a table up. What is called with nothing loses the table, and makes it again from the backup, under its name: a
 * table without a stream, as AWS restores it.
 */
export async function backUpTable({ root }: Emulator, TableName: string): Promise<() => Promise<void>> {
  const client = new DynamoDBClient(root);
  const { BackupDetails } = await client.send(
    new CreateBackupCommand({ TableName, BackupName: 'before-it-was-lost' }),
  );
  return async () => {
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await client.send(new DeleteTableCommand({ TableName }));
    await waitUntilTableNotExists({ client, maxWaitTime: 60 }, { TableName });
    await client.send(
      new RestoreTableFromBackupCommand({
        TargetTableName: TableName,
        BackupArn: BackupDetails?.BackupArn ?? '',
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName });
  };
}
