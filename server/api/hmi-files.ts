import { join } from 'node:path';
import type { RequestHandler } from 'express';
import express from 'express';
import { ProblemError } from './problem.ts';

/**
 * Files of the built HMI. Those with a hash in their name never change and are kept by the
 * browser.
 */
export function hmiFiles(folder: string): RequestHandler {
  return express.static(folder, {
    index: false,
    redirect: false,
    setHeaders: (response, path) => {
      const hashed = /[/\\]assets[/\\]/.test(path);
      response.setHeader(
        'cache-control',
        hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
}

/** The page of the HMI, for every path that is a display and no file or resource. */
export function hmiPage(folder: string): RequestHandler {
  return (request, response, next) => {
    const isResource = /^\/api(\/|$)|\.\w+$/.test(request.path);
    if (isResource || request.accepts('html') === false) {
      throw new ProblemError('not-found', { detail: request.path });
    }
    response.setHeader('cache-control', 'no-cache');
    response.sendFile(join(folder, 'index.html'), (error: unknown) => {
      if (error instanceof Error && !response.headersSent) {
        next(new ProblemError('not-found', { detail: 'the HMI is not built: npm run build' }));
      }
    });
  };
}
