/** Where the sandbox takes itself to be deployed. */
export const ACCOUNT_ID = '123456789012';
export const REGION = 'eu-central-1';
