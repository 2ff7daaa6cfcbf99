import type { AuditTrail } from '../../auth/audit.ts';
import { clearedCookie, sessionCookie } from '../../auth/cookie.ts';
import { openDoors } from '../../auth/policy.ts';
import type { Sessions, SignedIn } from '../../auth/sessions.ts';
import { SESSION_LIFE_MS } from '../../auth/sessions.ts';
import type { SignIn } from '../../auth/sign-in.ts';
import type { Users } from '../../auth/users.ts';
import type { Session } from '../../contract/rest.ts';
import { changePasswordSchema, sessionSchema, signInSchema } from '../../contract/rest.ts';
import { audited } from '../audited.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { callerOf, iso, route } from '../route.ts';

export interface SessionParts {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly audit: AuditTrail;
}

function sessionView(signedIn: SignedIn): Session {
  return {
    user: signedIn.user,
    name: signedIn.name,
    role: signedIn.role,
    expires: iso(signedIn.expiresMs),
    passwordChangeRequired: signedIn.passwordChangeRequired,
    may: openDoors(signedIn),
  };
}

/** Signing in and out, and one's own password. */
export function sessionRoutes(parts: SessionParts): Route[] {
  return [signInRoute(parts), readRoute(), signOutRoute(parts), passwordRoute(parts)];
}

function signInRoute({ signIn }: SessionParts): Route {
  return route({
    method: 'post',
    path: '/api/session',
    door: 'session.open',
    tag: 'session',
    summary: { vi: 'Đăng nhập', en: 'Sign in' },
    body: signInSchema,
    response: sessionSchema,
    handle: async ({ body, address, secure, setCookie }) => {
      const result = await signIn.signIn(body.user, body.password, address);
      if (result.ok) {
        setCookie(sessionCookie(result.token, SESSION_LIFE_MS / 1000, secure));
        return sessionView(result.signedIn);
      }
      if (result.why === 'wrong') throw new ProblemError('wrong-password');
      throw new ProblemError('too-many', { retryAfterS: result.waitS });
    },
  });
}

function readRoute(): Route {
  return route({
    method: 'get',
    path: '/api/session',
    door: 'session.read',
    tag: 'session',
    summary: { vi: 'Phiên đăng nhập của tôi', en: 'My session' },
    response: sessionSchema,
    handle: (call) => sessionView(callerOf(call).signedIn),
  });
}

function signOutRoute({ sessions, audit }: SessionParts): Route {
  return route({
    method: 'delete',
    path: '/api/session',
    door: 'session.close',
    tag: 'session',
    summary: { vi: 'Đăng xuất', en: 'Sign out' },
    status: 204,
    response: null,
    handle: async (call) => {
      const caller = callerOf(call);
      call.setCookie(clearedCookie(call.secure));
      await audited(audit, caller, 'session.close', null, {}, () =>
        sessions.end(caller.signedIn.sessionId),
      );
    },
  });
}

function passwordRoute({ users, sessions, audit }: SessionParts): Route {
  return route({
    method: 'post',
    path: '/api/session/password',
    door: 'session.password',
    tag: 'session',
    summary: { vi: 'Đổi mật khẩu của tôi', en: 'Change my password' },
    status: 204,
    body: changePasswordSchema,
    response: null,
    handle: async (call) => {
      const caller = callerOf(call);
      const { user, sessionId } = caller.signedIn;
      const { current, next } = call.body;
      await audited(audit, caller, 'session.password', user, {}, async () => {
        if ((await users.verify(user, current)) === null) throw new ProblemError('wrong-password');
        if (current.normalize('NFKC') === next.normalize('NFKC')) {
          throw new ProblemError('same-password');
        }
        await users.choosePassword(user, next);
        await sessions.endAllOf(user, sessionId);
        sessions.forget(user);
      });
    },
  });
}
