import type { Problem } from '../../../server/contract/rest.ts';

/**
 * The server refused a request, or could not be reached (`status` 0). The screen shows `problem`.
 */
export class RestError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'RestError';
    this.problem = problem;
  }
}

const UNREACHABLE: Problem = { type: 'about:blank', title: 'server unreachable', status: 0 };
const TIMEOUT_MS = 15_000;

async function problemOf(response: Response): Promise<Problem> {
  const plain = { type: 'about:blank', title: response.statusText, status: response.status };
  if (!(response.headers.get('content-type') ?? '').includes('json')) return plain;
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== 'object' || body === null || !('title' in body)) return plain;
  return { ...plain, ...(body as Partial<Problem>) };
}

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  if (body !== undefined) {
    init.headers = { 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  const response = await fetch(path, init).catch((cause: unknown) => {
    throw new RestError({ ...UNREACHABLE, detail: String(cause) });
  });
  if (!response.ok) throw new RestError(await problemOf(response));
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

/**
 * The REST interface. Bodies have the shapes of server/contract/rest.ts, which the server checks.
 * @throws {RestError} for every answer that is not a success, and when there is no answer within
 * 15 s.
 */
export const rest = {
  get: <T>(path: string): Promise<T> => request<T>('GET', path),
  post: <T>(path: string, body: unknown): Promise<T> => request<T>('POST', path, body),
  patch: <T>(path: string, body: unknown): Promise<T> => request<T>('PATCH', path, body),
  delete: <T>(path: string): Promise<T> => request<T>('DELETE', path),
};

/** `?a=1&b=2` of the members that are there. */
export function query(of: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(of)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
