import type { ErrorRequestHandler, Request, Response } from 'express';
import { AuditUnavailableError } from '../auth/audit.ts';
import { isDatabaseAway } from '../auth/database.ts';
import { ProblemError, problemBody } from './problem.ts';

/**
 * Answers with a problem in the language that the request asks for; Vietnamese unless it says
 * otherwise.
 */
export function answerProblem(request: Request, response: Response, problem: ProblemError): void {
  const language = request.acceptsLanguages('vi', 'en') === 'en' ? 'en' : 'vi';
  const body = problemBody(problem, language);
  const { retryAfterS } = problem.details;
  if (retryAfterS !== undefined) response.setHeader('retry-after', String(retryAfterS));
  response.status(body.status);
  response.setHeader('content-type', 'application/problem+json; charset=utf-8');
  response.setHeader('content-language', language);
  response.setHeader('cache-control', 'no-store');
  response.end(JSON.stringify(body));
}

/** 4xx, as express and its body parser give their errors. */
function isRefusal(status: unknown): boolean {
  return typeof status === 'number' && status >= 400 && status < 500;
}

/** SQLSTATE 57014: the database cancelled a statement at its time limit. */
function isCutOff(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014';
}

function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof AuditUnavailableError) return new ProblemError('unavailable');
  if (error instanceof Error && 'status' in error && isRefusal(error.status)) {
    // What express and its body parser refuse: bad JSON, bad escapes, too many bytes.
    const tooLarge = Number(error.status) === 413;
    return new ProblemError(tooLarge ? 'too-large' : 'malformed', { detail: error.message });
  }
  if (isCutOff(error)) return new ProblemError('too-slow');
  if (isDatabaseAway(error)) {
    return new ProblemError('unavailable', { retryAfterS: 5 });
  }
  return new ProblemError('failed');
}

/** The last handler: whatever was thrown becomes a problem; what is our fault is logged. */
export function problemHandler(
  log: (error: unknown, message: string) => void,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(error);
    if (problem.kind === 'failed' || problem.kind === 'unavailable') {
      log(error, `${request.method} ${request.path} failed`);
    }
    answerProblem(request, response, problem);
  };
}
