import type { EndpointDescription } from 'node-opcua';
import { MessageSecurityMode, SecurityPolicy, UserTokenType } from 'node-opcua';

/** How messages to a server are protected. */
export interface EndpointSecurity {
  readonly policy: SecurityPolicy;
  readonly mode: MessageSecurityMode;
}

/** No protection: for discovery, and for servers that offer nothing else. */
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

/**
 * The strongest protection that a server offers to an anonymous user; {@link UNPROTECTED} only if
 * it offers no usable one.
 */
export function strongestSecurity(endpoints: readonly EndpointDescription[]): EndpointSecurity {
  const usable = endpoints.filter(isForAnonymous);
  for (const policy of POLICIES) {
    for (const mode of MODES) {
      const isOffered = usable.some(
        (one) => one.securityPolicyUri === policy && one.securityMode === mode,
      );
      if (isOffered) return { policy, mode };
    }
  }
  return UNPROTECTED;
}

function isForAnonymous({ userIdentityTokens }: EndpointDescription): boolean {
  return (userIdentityTokens ?? []).some((token) => token.tokenType === UserTokenType.Anonymous);
}
