import type { LinkTrouble } from '../model/link-trouble.ts';

/**
 * How the messages of sockets, of the OPC UA stack (status codes of Part 4, 7.38) and of Modbus
 * (exception codes of the Application Protocol 1.1b3, 7) tell what is wrong. The first that fits
 * counts, so the particular stand before the general.
 */
const SIGNS: readonly (readonly [RegExp, LinkTrouble])[] = [
  [/CertificateUntrusted|SecurityChecksFailed|not trusted/i, 'certificate-untrusted'],
  [/Certificate\w*(TimeInvalid|Revoked)|certificate.*expired/i, 'certificate-ended'],
  [
    /SecurityPolicyRejected|SecurityModeRejected|SecurityModeInsufficient|no (usable )?(security|endpoint)|offers no/i,
    'no-security',
  ],
  [
    /IdentityToken|UserAccessDenied|UserSignature|password|user certificate|anonymous user|name with a/i,
    'identity-refused',
  ],
  [/certificate/i, 'certificate-wrong'],
  [/not running its program|ServerHalted/i, 'server-halted'],
  [/TooMany(Sessions|Subscriptions|SecureChannels|MonitoredItems)|MaxConnections/i, 'server-full'],
  [/ENOTFOUND|EAI_AGAIN|HostUnknown/i, 'name-unknown'],
  [/ECONNREFUSED|ConnectionRejected/i, 'refused'],
  [/EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN/i, 'unreachable'],
  [/ENOENT|EACCES|\/dev\/|serialport|serial port|File not found/i, 'serial-port'],
  [/exception (0x)?0?1\b|illegal function/i, 'function-refused'],
  [/exception (0x)?0?2\b|illegal data address/i, 'address-refused'],
  [/exception (0x)?0?3\b|illegal data value/i, 'value-refused'],
  [/exception (0x)?0?4\b|(slave|server) device failure/i, 'device-failed'],
  [/exception (0x)?0?[56]\b|device busy/i, 'busy'],
  [/exception (0x)?(0?[ab]|1[01])\b|gateway/i, 'behind-gateway'],
  [/malformed|CRC|answered instead|an answer (of|to)|unexpected data/i, 'malformed'],
  [
    /ETIMEDOUT|BadTimeout|timed? ?out|within \d+ ms|more than \d+ ms|nothing was heard|no unit answers/i,
    'silent',
  ],
  [/driver is stopped/i, 'stopped'],
  [
    /ECONNRESET|EPIPE|closed|ended|disconnected|ConnectionClosed|hung up|broke|did not send all/i,
    'closed',
  ],
];

/** What an error of a driver means for people; `other` where its message says nothing known. */
export function linkTroubleOf(error: string): LinkTrouble {
  return SIGNS.find(([sign]) => sign.test(error))?.[1] ?? 'other';
}
