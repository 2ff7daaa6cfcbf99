/**
 * Goal: an OPC UA value is believed exactly as far as its status and its type allow, and written as
 * its type.
 */
import {
  DataType,
  DataValue,
  EndpointDescription,
  MessageSecurityMode,
  SecurityPolicy,
  StatusCodes,
  UserTokenType,
} from 'node-opcua';
import { describe, expect, it } from 'vitest';
import { strongestSecurity, UNPROTECTED } from '../../plc/drivers/opcua/endpoint-security.ts';
import {
  hasOverflow,
  isSameInField,
  qualityOfStatus,
  tagValueOf,
  variantOf,
} from '../../plc/drivers/opcua/field-values.ts';
import { good, UNKNOWN } from '../../plc/model/tag.ts';

const NOW_MS = 1_700_000_000_000;

function float(value: unknown, statusCode = StatusCodes.Good, sourceTimestamp?: Date): DataValue {
  return new DataValue({
    value: { dataType: DataType.Float, value },
    statusCode,
    sourceTimestamp: sourceTimestamp ?? null,
  });
}

describe('a value from an OPC UA server', () => {
  it('has the quality of its status', () => {
    expect(qualityOfStatus(StatusCodes.Good.value)).toBe('good');
    expect(qualityOfStatus(StatusCodes.GoodClamped.value)).toBe('good');
    expect(qualityOfStatus(StatusCodes.UncertainLastUsableValue.value)).toBe('uncertain');
    expect(qualityOfStatus(StatusCodes.BadSensorFailure.value)).toBe('bad');
    expect(qualityOfStatus(0xc000_0000)).toBe('bad');
  });

  it('keeps the time at which its source had it', () => {
    const source = new Date(NOW_MS - 5_000);
    const value = tagValueOf('float', float(1.5, StatusCodes.Good, source), UNKNOWN, NOW_MS);
    expect(value).toEqual(good(1.5, NOW_MS, NOW_MS - 5_000));
  });

  it('that is doubted carries the doubted value, that is bad the last one before', () => {
    const before = good(1.5, NOW_MS - 1_000);
    const doubted = float(2.5, StatusCodes.UncertainLastUsableValue);
    expect(tagValueOf('float', doubted, before, NOW_MS)).toMatchObject({
      quality: 'uncertain',
      lastValue: 2.5,
    });
    expect(tagValueOf('float', float(0, StatusCodes.BadSensorFailure), before, NOW_MS)).toEqual({
      quality: 'bad',
      lastValue: 1.5,
      sourceTimeMs: NOW_MS - 1_000,
      receivedTimeMs: NOW_MS - 1_000,
    });
  });

  it.each([
    ['a text for a number', 'float', { dataType: DataType.String, value: '12' }],
    ['a number for a flag', 'bool', { dataType: DataType.Int32, value: 1 }],
    ['no number at all', 'float', { dataType: DataType.Float, value: Number.NaN }],
    ['nothing', 'float', { dataType: DataType.Null }],
  ] as const)('is bad when it is %s', (_, dataType, value) => {
    const data = new DataValue({ value, statusCode: StatusCodes.Good });
    expect(tagValueOf(dataType, data, UNKNOWN, NOW_MS).quality).toBe('bad');
  });

  it('tells when the server threw older ones away', () => {
    expect(hasOverflow(StatusCodes.GoodWithOverflowBit.value)).toBe(true);
    expect(hasOverflow(StatusCodes.Good.value)).toBe(false);
  });
});

describe('a value for an OPC UA server', () => {
  it('has the type of its tag, or is refused', () => {
    expect(variantOf('uint16', 7)).toEqual({ dataType: DataType.UInt16, value: 7 });
    expect(variantOf('bool', true)).toEqual({ dataType: DataType.Boolean, value: true });
    for (const [dataType, value] of [
      ['uint16', -1],
      ['int16', 1.5],
      ['float', 1e39],
      ['float', Number.NaN],
      ['bool', 1],
      ['string', 5],
      ['double', '5'],
    ] as const) {
      expect(variantOf(dataType, value)).toHaveProperty('fault');
    }
  });

  it('reads back the same within the precision of its type only', () => {
    expect(isSameInField('float', 0.1, Math.fround(0.1))).toBe(true);
    expect(isSameInField('double', 0.1, Math.fround(0.1))).toBe(false);
    expect(isSameInField('float', 0.1, 0.2)).toBe(false);
    expect(isSameInField('bool', true, 1)).toBe(false);
  });
});

describe('the security of a connection', () => {
  const offer = (
    policy: SecurityPolicy,
    mode: MessageSecurityMode,
    tokenType = UserTokenType.Anonymous,
  ) =>
    new EndpointDescription({
      securityPolicyUri: policy,
      securityMode: mode,
      userIdentityTokens: [{ tokenType }],
    });
  const none = offer(SecurityPolicy.None, MessageSecurityMode.None);

  it('is the strongest offered, encrypted before signed', () => {
    const { Sign, SignAndEncrypt } = MessageSecurityMode;
    const basic = offer(SecurityPolicy.Basic256Sha256, SignAndEncrypt);
    const signed = offer(SecurityPolicy.Aes128_Sha256_RsaOaep, Sign);
    const best = offer(SecurityPolicy.Aes256_Sha256_RsaPss, SignAndEncrypt);
    expect(strongestSecurity([none, basic])).toEqual({
      policy: SecurityPolicy.Basic256Sha256,
      mode: SignAndEncrypt,
    });
    expect(strongestSecurity([basic, signed, none]).policy).toBe(
      SecurityPolicy.Aes128_Sha256_RsaOaep,
    );
    expect(strongestSecurity([signed, best, basic])).toEqual({
      policy: SecurityPolicy.Aes256_Sha256_RsaPss,
      mode: SignAndEncrypt,
    });
  });

  it('is never an outdated one, nor one that asks for a user', () => {
    const outdated = offer(SecurityPolicy.Basic128Rsa15, MessageSecurityMode.SignAndEncrypt);
    const named = offer(
      SecurityPolicy.Basic256Sha256,
      MessageSecurityMode.SignAndEncrypt,
      UserTokenType.UserName,
    );
    expect(strongestSecurity([outdated, named, none])).toBe(UNPROTECTED);
  });
});
