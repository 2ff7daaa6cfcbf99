import { z } from 'zod';
import type { AuditTrail } from '../../auth/audit.ts';
import type { Sessions } from '../../auth/sessions.ts';
import type { User, Users } from '../../auth/users.ts';
import {
  changeUserSchema,
  newUserAnswerSchema,
  newUserSchema,
  sessionViewSchema,
  userSchema,
} from '../../contract/rest.ts';
import { audited } from '../audited.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { callerOf, iso, route } from '../route.ts';

export interface UserParts {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly audit: AuditTrail;
}

const userParams = z.strictObject({ user: z.string().min(1).max(64) });

function userView({ createdMs, ...user }: User): z.infer<typeof userSchema> {
  return { ...user, created: iso(createdMs) };
}

/** People and their sessions, for the administrator. */
export function userRoutes(parts: UserParts): Route[] {
  return [
    listRoute(parts),
    createRoute(parts),
    changeRoute(parts),
    resetRoute(parts),
    sessionsRoute(parts),
    endSessionsRoute(parts),
  ];
}

function listRoute({ users }: UserParts): Route {
  return route({
    method: 'get',
    path: '/api/users',
    door: 'users.read',
    tag: 'users',
    summary: { vi: 'Người dùng', en: 'Users' },
    response: z.array(userSchema),
    handle: async () => (await users.list()).map(userView),
  });
}

function createRoute({ users, audit }: UserParts): Route {
  return route({
    method: 'post',
    path: '/api/users',
    door: 'users.create',
    tag: 'users',
    summary: { vi: 'Thêm người dùng', en: 'Add a user' },
    status: 201,
    body: newUserSchema,
    response: newUserAnswerSchema,
    handle: (call) => {
      const { user, name, role } = call.body;
      return audited(audit, callerOf(call), 'users.create', user, call.body, async () => {
        const made = await users.create(user, name, role);
        if (made === null) throw new ProblemError('user-exists');
        return { user: userView(made.user), oneTimePassword: made.oneTimePassword };
      });
    },
  });
}

function changeRoute({ users, sessions, audit }: UserParts): Route {
  return route({
    method: 'patch',
    path: '/api/users/:user',
    door: 'users.change',
    tag: 'users',
    summary: { vi: 'Sửa người dùng', en: 'Change a user' },
    params: userParams,
    body: changeUserSchema,
    response: userSchema,
    handle: (call) => {
      const { user } = call.params;
      return audited(audit, callerOf(call), 'users.change', user, call.body, async () => {
        const changed = await users.change(user, call.body);
        if (changed === 'unknown') throw new ProblemError('not-found');
        if (changed === 'last-administrator') throw new ProblemError('last-administrator');
        if (!changed.active) await sessions.endAllOf(user);
        sessions.forget(user);
        return userView(changed);
      });
    },
  });
}

function resetRoute({ users, sessions, audit }: UserParts): Route {
  return route({
    method: 'post',
    path: '/api/users/:user/password',
    door: 'users.reset-password',
    tag: 'users',
    summary: { vi: 'Cấp mật khẩu dùng một lần', en: 'Give a one-time password' },
    params: userParams,
    response: z.object({ oneTimePassword: z.string() }),
    handle: (call) => {
      const { user } = call.params;
      return audited(audit, callerOf(call), 'users.reset-password', user, {}, async () => {
        const password = await users.resetPassword(user);
        if (password === null) throw new ProblemError('not-found');
        await sessions.endAllOf(user);
        return { oneTimePassword: password };
      });
    },
  });
}

function sessionsRoute({ sessions }: UserParts): Route {
  return route({
    method: 'get',
    path: '/api/users/:user/sessions',
    door: 'users.sessions',
    tag: 'users',
    summary: { vi: 'Các phiên đăng nhập', en: 'Sessions of a user' },
    params: userParams,
    response: z.array(sessionViewSchema),
    handle: async ({ params }) =>
      (await sessions.list(params.user)).map((one) => ({
        id: one.sessionId,
        created: iso(one.createdMs),
        lastSeen: iso(one.lastSeenMs),
        expires: iso(one.expiresMs),
        address: one.address,
      })),
  });
}

function endSessionsRoute({ sessions, audit }: UserParts): Route {
  return route({
    method: 'delete',
    path: '/api/users/:user/sessions',
    door: 'users.end-sessions',
    tag: 'users',
    summary: { vi: 'Kết thúc mọi phiên', en: 'End every session of a user' },
    params: userParams,
    response: z.object({ ended: z.number().int() }),
    handle: (call) => {
      const { user } = call.params;
      return audited(audit, callerOf(call), 'users.end-sessions', user, {}, async () => ({
        ended: await sessions.endAllOf(user),
      }));
    },
  });
}
