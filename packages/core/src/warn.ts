import { emitWarning } from '#platform';
import { checkText } from './checks/check-members.js';

/**
 * Says what goes on all the same where nobody asked to be told: by Node's warnings, elsewhere on the console.
 *
 * @throws UsageError for what is no text
 */
export function warn(message: string): void {
  checkText('message', message);
  emitWarning(message);
}
