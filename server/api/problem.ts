import type { Reason } from '../../plc/model/reason.ts';
import type { Text } from '../../plc/model/text.ts';
import type { Problem } from '../contract/rest.ts';

/** Every kind of problem that REST answers with: its status and what a person reads. */
const PROBLEMS = {
  malformed: { status: 400, title: { vi: 'Yêu cầu sai dạng', en: 'The request is malformed' } },
  'not-signed-in': { status: 401, title: { vi: 'Chưa đăng nhập', en: 'Not signed in' } },
  'wrong-password': {
    status: 401,
    title: { vi: 'Sai tên hoặc mật khẩu', en: 'Wrong user or password' },
  },
  'not-allowed': {
    status: 403,
    title: { vi: 'Vai trò của bạn không được phép', en: 'Your role may not do this' },
  },
  'password-change-required': {
    status: 403,
    title: {
      vi: 'Phải đổi mật khẩu dùng một lần trước',
      en: 'The one-time password must be changed first',
    },
  },
  'cross-site': {
    status: 403,
    title: { vi: 'Yêu cầu đến từ trang khác', en: 'The request comes from another site' },
  },
  'not-found': { status: 404, title: { vi: 'Không tìm thấy', en: 'Not found' } },
  refused: { status: 409, title: { vi: 'Lệnh bị từ chối', en: 'The command was refused' } },
  'user-exists': {
    status: 409,
    title: { vi: 'Tên đăng nhập đã có', en: 'This user name is taken' },
  },
  'last-administrator': {
    status: 409,
    title: {
      vi: 'Phải còn ít nhất một quản trị viên',
      en: 'At least one administrator must remain',
    },
  },
  'same-password': {
    status: 409,
    title: { vi: 'Mật khẩu mới phải khác mật khẩu cũ', en: 'The new password must be another one' },
  },
  'too-large': { status: 413, title: { vi: 'Yêu cầu quá lớn', en: 'The request is too large' } },
  'too-many': {
    status: 429,
    title: { vi: 'Quá nhiều yêu cầu, hãy đợi', en: 'Too many requests, wait a while' },
  },
  failed: {
    status: 500,
    title: { vi: 'Lỗi trong máy chủ, xem nhật ký', en: 'The server failed, see its log' },
  },
  unavailable: {
    status: 503,
    title: {
      vi: 'Cơ sở dữ liệu chưa sẵn sàng, hãy thử lại',
      en: 'The database is not available, try again',
    },
  },
  'too-slow': {
    status: 503,
    title: {
      vi: 'Câu hỏi quá nặng nên bị ngắt, hãy chọn khoảng thời gian ngắn hơn hoặc ít tín hiệu hơn',
      en: 'The question took too long and was cut off, ask for a shorter time or fewer tags',
    },
  },
  'not-ready': { status: 503, title: { vi: 'Chưa sẵn sàng', en: 'Not ready' } },
} as const satisfies Readonly<Record<string, { status: number; title: Text }>>;

export type ProblemKind = keyof typeof PROBLEMS;

export interface ProblemDetails {
  readonly detail?: string;
  readonly reasons?: readonly Reason[];
  readonly faults?: readonly { readonly path: string; readonly message: string }[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfterS?: number;
}

/** Thrown by a handler to answer with a problem. */
export class ProblemError extends Error {
  readonly kind: ProblemKind;
  readonly details: ProblemDetails;

  constructor(kind: ProblemKind, details: ProblemDetails = {}) {
    super(PROBLEMS[kind].title.en);
    this.name = 'ProblemError';
    this.kind = kind;
    this.details = details;
  }
}

/** The body of a problem answer (RFC 9457) in the language that was asked for. */
export function problemBody(error: ProblemError, language: keyof Text): Problem {
  const { status, title } = PROBLEMS[error.kind];
  const { detail, reasons, faults } = error.details;
  return {
    type: `urn:feed-mill:problem:${error.kind}`,
    title: title[language],
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(reasons === undefined ? {} : { reasons: [...reasons] }),
    ...(faults === undefined ? {} : { faults: [...faults] }),
  };
}
