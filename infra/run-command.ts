/** Runs a command; where it throws, says why in one line, and the process ends with 1. */
export async function runCommand(command: () => void | Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'it failed');
    process.exitCode = 1;
  }
}
