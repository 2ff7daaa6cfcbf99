import type { EndpointDescription, UserTokenPolicy } from 'node-opcua';
import { MessageSecurityMode, SecurityPolicy, UserTokenType } from 'node-opcua';
import type { OpcUaConnection, OpcUaIdentity } from '../../model/connection.ts';

/** How messages to a server are protected. */
export interface EndpointSecurity {
  readonly policy: SecurityPolicy;
  readonly mode: MessageSecurityMode;
}

/** No protection: for discovery, and where the mill definition says so. */
export const UNPROTECTED: EndpointSecurity = {
  policy: SecurityPolicy.None,
  mode: MessageSecurityMode.None,
};

/** Policies that may be used, strongest first; weaker ones than these are never used (DOMAIN 7). */
const POLICIES: readonly SecurityPolicy[] = [
  SecurityPolicy.Aes256_Sha256_RsaPss,
  SecurityPolicy.Aes128_Sha256_RsaOaep,
  SecurityPolicy.Basic256Sha256,
];
/** Modes by strength, strongest first. */
const MODES: readonly MessageSecurityMode[] = [
  MessageSecurityMode.SignAndEncrypt,
  MessageSecurityMode.Sign,
];
const PROTECTED: readonly EndpointSecurity[] = POLICIES.flatMap((policy) =>
  MODES.map((mode) => ({ policy, mode })),
);
const TOKEN_TYPES: Readonly<Record<OpcUaIdentity['kind'], UserTokenType>> = {
  anonymous: UserTokenType.Anonymous,
  user: UserTokenType.UserName,
  certificate: UserTokenType.Certificate,
};

/**
 * The strongest protection that a server offers to the connection's identity, or none where the
 * mill definition allows that. A password is never sent where others could read it.
 * @throws {Error} when the server offers nothing that may be used; the message says who must act.
 */
export function chooseSecurity(
  endpoints: readonly EndpointDescription[],
  { security, identity }: Pick<OpcUaConnection, 'security' | 'identity'>,
): EndpointSecurity {
  const allowed = security === 'none' ? [UNPROTECTED] : PROTECTED;
  for (const one of allowed) {
    if (endpoints.some((endpoint) => isUsable(endpoint, one, identity))) return one;
  }
  const isOffered = endpoints.some((endpoint) => allowed.some((one) => has(endpoint, one)));
  throw new Error(isOffered ? identityRefusal(identity) : offerRefusal(security));
}

function isUsable(
  endpoint: EndpointDescription,
  security: EndpointSecurity,
  identity: OpcUaIdentity,
): boolean {
  if (!has(endpoint, security)) return false;
  const tokens = (endpoint.userIdentityTokens ?? []).filter(
    ({ tokenType }) => tokenType === TOKEN_TYPES[identity.kind],
  );
  if (identity.kind === 'anonymous') return tokens.length > 0;
  return tokens.some((token) => keepsSecret(endpoint, token));
}

function has(endpoint: EndpointDescription, { policy, mode }: EndpointSecurity): boolean {
  return endpoint.securityPolicyUri === policy && endpoint.securityMode === mode;
}

/**
 * Whether a secret of the token cannot be read or forged on the way: the channel is encrypted, or
 * the token's own policy protects it with the server's certificate (OPC UA Part 4, 7.42).
 */
function keepsSecret(endpoint: EndpointDescription, token: UserTokenPolicy): boolean {
  if (endpoint.securityMode === MessageSecurityMode.SignAndEncrypt) return true;
  const policy = token.securityPolicyUri || endpoint.securityPolicyUri;
  const hasCertificate = (endpoint.serverCertificate?.length ?? 0) > 0;
  return hasCertificate && POLICIES.some((one) => one === policy);
}

function offerRefusal(security: OpcUaConnection['security']): string {
  if (security === 'none') {
    return (
      'the server offers no unprotected connection: the programmer must set security: ' +
      "'strongest' for it in the mill definition"
    );
  }
  return (
    'the server offers no protected connection: an engineer must enable Basic256Sha256 or better ' +
    "on it, or the programmer must set security: 'none' for it in the mill definition"
  );
}

function identityRefusal({ kind }: OpcUaIdentity): string {
  if (kind === 'anonymous') {
    return (
      'the server takes no anonymous user here: the programmer must set the identity of the ' +
      'connection in the mill definition, or an engineer must allow anonymous users on the server'
    );
  }
  const what = kind === 'user' ? 'a user name with a protected password' : 'a user certificate';
  return (
    `the server does not take ${what} here: an engineer must enable it on the server for a ` +
    'protected connection'
  );
}
