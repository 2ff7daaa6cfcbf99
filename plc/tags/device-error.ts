import { linkTroubleOf } from '../logic/link-trouble.ts';
import { LINK_TROUBLES } from '../model/link-trouble.ts';

/** A device did not do what was asked: what it means and who does what, in both languages. */
class DeviceError extends Error {
  override readonly name = 'DeviceError';
}

/** What `work` gives. @throws {DeviceError} explaining what went wrong with the device. */
export async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const { text, action, who } = LINK_TROUBLES[linkTroubleOf(message)];
    const words = [message, `${text.en}. For ${who}: ${action.en}.`, `${text.vi}. ${action.vi}.`];
    throw new DeviceError(words.join('\n'), { cause });
  }
}
