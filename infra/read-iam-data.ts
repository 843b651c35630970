import { fileURLToPath } from 'node:url';
import { openServiceData } from '../lambdas/shared/adapters/iam/open-service-data.ts';

const FOLDER = fileURLToPath(new URL('../policy/data/', import.meta.url));

/** What IAM knows of its services, for checks before anything is deployed. */
export const readIamData = () => openServiceData(FOLDER);
