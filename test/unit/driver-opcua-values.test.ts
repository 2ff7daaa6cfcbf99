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
  Variant,
  VariantArrayType,
} from 'node-opcua';
import { describe, expect, it } from 'vitest';
import { chooseSecurity, UNPROTECTED } from '../../plc/drivers/opcua/endpoint-security.ts';
import {
  hasOverflow,
  isSameInField,
  qualityOfStatus,
  tagValueOf,
  variantOf,
} from '../../plc/drivers/opcua/field-values.ts';
import { good } from '../../plc/model/tag.ts';

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
    const value = tagValueOf('float', float(1.5, StatusCodes.Good, source), NOW_MS);
    expect(value).toEqual(good(1.5, NOW_MS, NOW_MS - 5_000));
  });

  it('has the time of the server where its source has none', () => {
    const of = (serverTimestamp: Date, sourceTimestamp: Date | null) =>
      new DataValue({
        value: { dataType: DataType.Float, value: 1 },
        serverTimestamp,
        sourceTimestamp,
      });
    const server = new Date(NOW_MS - 3_000);
    const unset = new Date(Date.UTC(1601, 0, 1));
    expect(tagValueOf('float', of(server, null), NOW_MS)?.sourceTimeMs).toBe(NOW_MS - 3_000);
    expect(tagValueOf('float', of(server, unset), NOW_MS)?.sourceTimeMs).toBe(NOW_MS - 3_000);
    expect(tagValueOf('float', of(unset, unset), NOW_MS)?.sourceTimeMs).toBe(NOW_MS);
  });

  it('that is doubted carries the doubted value, that is bad none', () => {
    const doubted = float(2.5, StatusCodes.UncertainLastUsableValue);
    expect(tagValueOf('float', doubted, NOW_MS)).toMatchObject({
      quality: 'uncertain',
      lastValue: 2.5,
    });
    expect(tagValueOf('float', float(0, StatusCodes.BadSensorFailure), NOW_MS)).toBeNull();
  });

  it('of 64 bits is taken as far as it is exact', () => {
    const of = (value: readonly [number, number]) =>
      new DataValue({
        value: { dataType: DataType.Int64, arrayType: VariantArrayType.Scalar, value },
      });
    expect(tagValueOf('double', of([1, 0]), NOW_MS)).toMatchObject({ value: 4_294_967_296 });
    expect(tagValueOf('double', of([0xffff_ffff, 0xffff_ffff]), NOW_MS)).toMatchObject({
      value: -1,
    });
    expect(tagValueOf('double', of([0x7fff_ffff, 0]), NOW_MS)).toBeNull();
  });

  it.each([
    ['a text for a number', 'float', { dataType: DataType.String, value: '12' }],
    ['a number for a flag', 'bool', { dataType: DataType.Int32, value: 1 }],
    ['no number at all', 'float', { dataType: DataType.Float, value: Number.NaN }],
    ['nothing', 'float', { dataType: DataType.Null }],
    [
      'a list',
      'float',
      { dataType: DataType.Float, arrayType: VariantArrayType.Array, value: [1] },
    ],
  ] as const)('is bad when it is %s', (_, dataType, value) => {
    const data = new DataValue({ value, statusCode: StatusCodes.Good });
    expect(tagValueOf(dataType, data, NOW_MS)).toBeNull();
  });

  it('tells when the server threw older ones away', () => {
    expect(hasOverflow(StatusCodes.GoodWithOverflowBit.value)).toBe(true);
    expect(hasOverflow(StatusCodes.Good.value)).toBe(false);
  });
});

describe('a value for an OPC UA server', () => {
  it('has the type of its tag where the node does not say, or is refused', () => {
    expect(variantOf('uint16', null, 7)).toEqual({ dataType: DataType.UInt16, value: 7 });
    expect(variantOf('bool', null, true)).toEqual({ dataType: DataType.Boolean, value: true });
    for (const [dataType, value] of [
      ['uint16', -1],
      ['int16', 1.5],
      ['float', 1e39],
      ['float', Number.NaN],
      ['bool', 1],
      ['string', 5],
      ['double', '5'],
    ] as const) {
      expect(variantOf(dataType, null, value)).toHaveProperty('fault');
    }
  });

  it('has the type of its node, rounded where that holds whole numbers', () => {
    expect(variantOf('float', DataType.Int32, 7.6)).toEqual({ dataType: DataType.Int32, value: 8 });
    expect(variantOf('int16', DataType.Double, -3)).toEqual({
      dataType: DataType.Double,
      value: -3,
    });
    expect(variantOf('int32', DataType.Int64, -2)).toEqual({
      dataType: DataType.Int64,
      arrayType: VariantArrayType.Scalar,
      value: [0xffff_ffff, 0xffff_fffe],
    });
    for (const [dataType, node, value] of [
      ['float', DataType.Byte, 255.6],
      ['int32', DataType.UInt32, -1],
      ['bool', DataType.Int16, true],
      ['int16', DataType.Boolean, 1],
      ['float', DataType.String, 1],
      ['float', DataType.DateTime, 1],
    ] as const) {
      expect(variantOf(dataType, node, value)).toHaveProperty('fault');
    }
  });

  it('reads back the same within the precision of its node only', () => {
    const found = (dataType: DataType, value: unknown) =>
      new Variant({ dataType, arrayType: VariantArrayType.Scalar, value });
    const { Double, Float, Int64 } = DataType;
    const near = found(Float, Math.fround(0.1));
    expect(isSameInField({ dataType: Float, value: 0.1 }, near)).toBe(true);
    expect(isSameInField({ dataType: Double, value: 0.1 }, near)).toBe(false);
    expect(isSameInField({ dataType: Float, value: 0.1 }, found(Float, 0.2))).toBe(false);
    expect(isSameInField({ dataType: DataType.Boolean, value: true }, found(Double, 1))).toBe(
      false,
    );
    expect(isSameInField({ dataType: Int64, value: [0, 7] }, found(Int64, [0, 7]))).toBe(true);
  });
});

describe('the security of a connection', () => {
  const { None, Sign, SignAndEncrypt } = MessageSecurityMode;
  const { Anonymous, UserName } = UserTokenType;
  const offer = (
    policy: SecurityPolicy,
    mode: MessageSecurityMode,
    tokenType = Anonymous,
    tokenPolicy = '',
  ) =>
    new EndpointDescription({
      securityPolicyUri: policy,
      securityMode: mode,
      serverCertificate: Buffer.from('certificate'),
      userIdentityTokens: [{ tokenType, securityPolicyUri: tokenPolicy }],
    });
  const none = offer(SecurityPolicy.None, None);
  const strongest = { security: 'strongest', identity: { kind: 'anonymous' } } as const;
  const open = { security: 'none', identity: { kind: 'anonymous' } } as const;
  const user = { kind: 'user', userName: 'mill' } as const;

  it('is the strongest offered, encrypted before signed', () => {
    const basic = offer(SecurityPolicy.Basic256Sha256, SignAndEncrypt);
    const signed = offer(SecurityPolicy.Aes128_Sha256_RsaOaep, Sign);
    const best = offer(SecurityPolicy.Aes256_Sha256_RsaPss, SignAndEncrypt);
    expect(chooseSecurity([none, basic], strongest)).toEqual({
      policy: SecurityPolicy.Basic256Sha256,
      mode: SignAndEncrypt,
    });
    expect(chooseSecurity([basic, signed, none], strongest).policy).toBe(
      SecurityPolicy.Aes128_Sha256_RsaOaep,
    );
    expect(chooseSecurity([signed, best, basic], strongest)).toEqual({
      policy: SecurityPolicy.Aes256_Sha256_RsaPss,
      mode: SignAndEncrypt,
    });
  });

  it('is never an outdated one or none by itself; who must act is said', () => {
    const outdated = offer(SecurityPolicy.Basic128Rsa15, SignAndEncrypt);
    expect(() => chooseSecurity([outdated, none], strongest)).toThrow(/an engineer must enable/);
    expect(chooseSecurity([none, outdated], open)).toBe(UNPROTECTED);
  });

  it('is one that takes the identity, or the connection is refused', () => {
    const named = offer(SecurityPolicy.Basic256Sha256, SignAndEncrypt, UserName);
    const better = offer(SecurityPolicy.Aes256_Sha256_RsaPss, SignAndEncrypt);
    expect(chooseSecurity([named, better], { ...strongest, identity: user }).policy).toBe(
      SecurityPolicy.Basic256Sha256,
    );
    expect(() => chooseSecurity([named, none], strongest)).toThrow(/anonymous/);
    expect(() => chooseSecurity([better], { ...strongest, identity: user })).toThrow(/user name/);
  });

  it('never lets a password go where others could read it', () => {
    const asUser = { security: 'none', identity: user } as const;
    const { Basic256Sha256 } = SecurityPolicy;
    const plain = offer(SecurityPolicy.None, None, UserName);
    expect(() => chooseSecurity([plain], asUser)).toThrow(/protected password/);
    const encrypted = offer(SecurityPolicy.None, None, UserName, Basic256Sha256);
    expect(chooseSecurity([encrypted], asUser)).toBe(UNPROTECTED);
    const signedPlain = offer(Basic256Sha256, Sign, UserName, SecurityPolicy.None);
    expect(() => chooseSecurity([signedPlain], { ...strongest, identity: user })).toThrow();
    const signed = offer(Basic256Sha256, Sign, UserName);
    expect(chooseSecurity([signed], { ...strongest, identity: user }).mode).toBe(Sign);
  });
});
