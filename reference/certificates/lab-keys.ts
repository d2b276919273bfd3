/**
 * TEST KEYS, published with the source and therefore secret to nobody: never use one outside a laboratory. Made once, so that
 * every run signs with the same keys and one seed gives the same octets. PKCS#8 in base64; who holds which is the
 * scenario's to say.
 */
import { type PrivateKey, parsePrivateKey } from '../transforms/asymmetric-key.ts';

export type LabKeyName = keyof typeof pkcs8;

/** The key of that name, read on first use. Throws RangeError where there is none. */
export function labKey(name: LabKeyName | (string & {})): PrivateKey {
  const known = keys.get(name);
  if (known) return known;
  if (!isLabKeyName(name)) throw new RangeError(`no lab key is called ${name}; there are ${labKeyNames().join(', ')}`);
  const key = parsePrivateKey(Uint8Array.from(atob(pkcs8[name].join('')), (character) => character.charCodeAt(0)));
  keys.set(name, key);
  return key;
}

/** All the names, authorities first. */
export function labKeyNames(): LabKeyName[] {
  return Object.keys(pkcs8) as LabKeyName[];
}

function isLabKeyName(name: string): name is LabKeyName {
  return Object.hasOwn(pkcs8, name);
}

const pkcs8 = {
  /** The RSA-2048 certificate authority. */
  rsaAuthority: [
    'MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDcV83FyuM+0Xayc3GsA1MTMcyPDO4P4JpmyyYKR4cF3HkbdsqBL/C5Mec/',
    'zraKjQ88Jh7PspNHyKjjPxqgVcBmrLEKDUSu6OS5/E+17i0UIYjxY/QjrVmlR63jHEovbzHCJnH+udEmkJFkhsd9kM6NnjDqXddobBO0qSow',
    'einwZuufJ/0aQyOleZGwDdtwGCcr2WX58viGYqm0Ha7ExktTfrSXhRxZaRWWnwoFpG2vBvlZGvkism6YGjS3nUmVIFvab26YXVKTUxO6Z1T8',
    'gWgFHszPDJ0lpFgcguqDx6Hikz3LKWBzQ0imlis1zFSFCHif3YHvl4llIjoZde6iL9CdAgMBAAECggEAGItD9cUt/1iCxx76lFrByBC92gNq',
    'iI86yQ+A+xfQ77Ne3tMifIses+pd+YATr6bwgaviC723D9ccukTUY57EXKDeOaHqZYILabeJbi5hNsMDh5axjRXUDLKe09OvZHhCNn+6Jqcu',
    'fS67sKhzaUZrk7UsJWHISwPwRVQAnz9vE4Lrz26V1WujmjxIpxfqnT5rjYOW0mTeqcZq+I87bIuSmtEz9O1jTgjkkHrJN4KqKWgQoQNhBxzB',
    '91yboTaXERmJVOQ+Vcce96jKuQgktitQxj38tCHpplCxCbhUXGaxI3i58emGPTAZdF7hbvHjDBIRcI+wp7thstcot0OdeiaTCwKBgQDxM1Pj',
    'ByGHZ7yNbjDu1sIvEFkJQcCI5s8AOcn1r4rMSR+I3S/u3vnwlRyoJfiaUx/EaqVFkZMDyVUt2e5RHBgN418IDOV82XMT7UMq5ez4ETkTobKN',
    'IJz/x26vaAe/C58eZBx+RnTT8e8kJpVnxZsMfjmONNO/xtFkX2IGdhD6iwKBgQDp3Nr4viDPDYS2qaG3gbdt7mw6Nqf1IfYkGUImF8Nj1nL3',
    '9qAY9GYEg6mWQqLpkmbvCfDdE12l3oMugqnVxcHGLf62cKAVf5/S2cmxYsxrROf/sa/2coJ/CdoOfQUGyL6GTcd/K+Z+4dfLy5lBQC4l8dmu',
    'DAPtxvDaRVTm+39OdwKBgQCGzu5CxFiMCoHK9lxpESUFEvkAgHxwx7fIY4QqSgukc/YpE57Xvk4pld2naVmSP4VQzV5EDMIDasKt1tEpCi+z',
    'i3Iw2Kxm5E46Q/C3iDyyxUWGYGigEitNlhSZ+uXhdEhhvwhh11UypFTJerskfcBT8jSO852p4SBlHh52iASjUwKBgHT9gClpa55I4/hA+d6E',
    'LM/4svmYOAOAPtMmM5o8zwkV0aPMI6D4OkTN3LuHkFoKXCX+shjWREXi/3r38KA5csuCXObFhr/afYiMXMK5awvKh8i5Cg7ej/ufYQ9YaXhQ',
    'Wkdzh3ZN7tvQfRS9QGiNA8kFqODRr/F2USzP/D4k2DXXAoGBANihdlbFI1Rg8/wDKKGD6yt5x3Ylq2gCxoUkm1mKpI0pc4r6d2ojlKxAwwQr',
    '++g3OMPw5WD35xdWo+3fjD+wFj710R7aqSzBifuqfADh8DhG7gDlpCHYwXz9oDZAtzmh9Rv/LnR9EKSC/wKneQZtgJt5t6SQ/mVel1wKw2kC',
    '0MUS',
  ],
  /** The P-256 certificate authority. */
  ecdsaAuthority: [
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGr0VN8zEBUljc+IXCVqXyed/2Ow3EjCkop4cdvR7G9+hRANCAASUOFTIANY7',
    'eR0xDVyTfcaBcYNO1bHt4774cosfBuMhbwgJWevC7PthS8IpTfPYjrh6vHVE1S7eE9Nif5Tjn057',
  ],
  /** An authority, on P-256, that nobody is told to trust. */
  foreignAuthority: [
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgW0KPAO3OHQ5fehc9AEDUC32J+5o/rMAOTgh4IJuV/aGhRANCAAQTvXs6QK8V',
    '4NOpa1AMPyZIt6mTUd8qub88j+17EK6x5kql0VP9IS1+IJjtnKb8X+jGxTM55TzR9jZVSefINMDj',
  ],
  /** An authority below another, on P-256. */
  intermediateAuthority: [
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7boWCu8pc8azYJZuwj/ZyOdUlr/ez3XSgcPvR//VhtmhRANCAATVRU9COtK8',
    'T/bd/N63SH6CUMXkA/y4wReJ/8VdV7A7vih43LaowwepfmjkpmgWF40xjNL8m2oU1Ar+I6ePLJhL',
  ],
  /** RSA-2048. */
  rsaOne: [
    'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDUnRdNLvBt6baDbAivwfeTdwH/LE0evwtn7svZJFV1yq7M/4FWjRHmgPZE',
    'eErAqQNOsAJEEM4AC8KqxMysaNTrD6Db+i8hdtlSbs/6sbCVaWY+7zWe+pp3jp7F2aoLopUkuCdr8CEVyyavqcmE4CSkJwy6/rgHf/RgN6Rm',
    'OUxWfy4ew23mTeIXQoHg98v/+OjuEb3y1eCR+AqeKbjHXSaPTnOTyrl7R3yUjro6RFFnnohE7KWbiU99+2uh1xz1HLeSI79w7RYTh7SFa9mo',
    'HSr4DVAkhvy9rSNkUnsjX3u48ckhA8nJzBjdES1cOQ/vjXpm9GBDjgz+K9YgxIjkkijnAgMBAAECggEACQe5ByKwvIJaKZ/LiKd82+sIjy1z',
    'AxTLJ7lpOApGhO+8V+GcPTBVq8wbaZIQXrlu9gccuYZbMX5OYNFl/gaf0HID+4PXP50cItepBrVIUjg9Svv+84ciS2Sn0rBpfAAGRJ57siZr',
    'SVEtDfXwpK+ebshnzoNmDo99Mh764Qqa9utxCTb+DwnHxDchded8O/o3ijZsxDBbYC4IYG7B2gFHYGP1fx7EGIbDSwPlIbZkXJsMaoCbRRL6',
    'koNhP6etEkE4T0q7AlToR1GsbwA7Up4Gy317N1teZG2szgLYNE/9O5qY64BpvlyqJ1l6gF+xt76X9jXopsmu3T/s5Mk4kVDHbQKBgQD8ikSL',
    'RGLJrYMYZlbqf3YTqeMDZ+ak/iXuA/1dbGXT/xDKzx2AorAKlAM41ekdlun1ye/kUjCns5VQMjcym/kVFAuw0kDdXAG71+EiyxiNYAbAmqT0',
    'slpOiKGpBGRKVXyNq0IHRYy2ZBKjZ1vO+moI5MJUypffAsMvN/e65uaZWwKBgQDXhsoXjwh/d2ovZXruJsCW9nh9sZjGQ/+tjQ4eTws+umyq',
    'pXl4AL/t0JxqHROwQGluJbqC3i2B/dCVwO79QSdyEagxeI8CwV5a1ySwcHXubzYXKf7u6LDCCHd1FBCeLlxOWdAtOR241Ogcnfrn48X7e35Y',
    '2P59LMU1B8iWZC94ZQKBgQDn39SbwsipwKUT7DN10F6MI3qLEAVYDPqqlgM2mmbMxe+XJ6BBEh9tNwXWU6JdRsm+ohGfpE+ES4GXRuQjlc6Y',
    'KfWp/wMLvITjAo52sd/zPu40PkmjW3dLkGxOkfe7wM5CDbLsllFiznPGkQpc+tQNIm3ECNh1LUYlvs+5TnUA7QKBgFF7cyIPAG54bhu3KQ+q',
    'dPtd+VXD8/dZM+ugPWs2BRFVF8o4P0EgP2+gg9IWZiAnafSrrOTXLKtNkzNaur/ihxA4Hrd9Vcv74TlEx2kxS1S2lOOTC/+010a0Pr1ztYio',
    'DFvO1saSJmt/irVvALH0yh/2o2DhwO0AJRqUc8Bv5gaFAoGAOlH4uHkCPMTHKPW7ryPS+UsROFAuUkfJZ1v3gpXkNMDDSixIQr0MEDLO+Q4Y',
    'L1867rWI6BtygXnObBtA4AKXzNasEdvdfsFDi49G5leG9MA0mrLHEYRyqNVYVr1rB/rnclxou7nOeQwc3DzNutPjfDgNy6tyWeRi121oZnaa',
    'rGY=',
  ],
  /** RSA-2048. */
  rsaTwo: [
    'MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDlThJ8sCTM930jIgfry3ejbw7L0072C6TOiYAzlgnCvs+usqvV1pAtldWY',
    'cpJFwdL2BOqd47yXR97GzjH8JydL8c1sZxApewtk9eBRzGK6OelBPVrV88IGtz5zcCx2gen3zz5LUal1OwP6vCzFcfbkf+rojDfWk67pApN+',
    'ORdPUtJ9qOOAMYyBB8dkGJ8Rd8mF/K2Z+cP7/onLKs9iad4BNsFeMiDrB2zR6N+En393Pk6NM45IZ3mCsq9XC4FMapJ8zv7Ym17AZ92jgMEg',
    'Q+kfEYXOarY3di2ijTgPgLe+etFGto2JgtRHsCxxApXAW8+QsLNoOZu7sfDikcgVU4X1AgMBAAECggEAMymAwXZRt7POpWyd5NQAjSQl4n9y',
    'wj4l1vlh8+CZq+yEDSALbApUH/+q6TlC/rJ43fCJ4pGiDgT4pVXzXCXmRDEe2v2B4ydziuK7WrTmIFP0gdxtLIiXNYVkN0CDgyuIZwTECu0d',
    'CK2SvTqIKMO9SQ1rfdhvSv6ni5DKFOMrGsTdPg3ACa09/tEI1rROTUO5S7364bUsKOyzOCW960OmkeA2/A4X2uDwvzMtr62L/vs6lAP9fyi6',
    'yk9tsMQO0cEH/imjofi6JKwZ0tfGGqSy+P+XRe5dA9cWFAXeCtESx7OKVc478MalmdwDXawI2Imrm+aQUu7X6jA1gsAX/2l9kQKBgQD9NMPp',
    '39r0PgU7bo3JyiZM+eyIbSd5lTqMgBeQ0xqf+3mPsBYV9pZ/9upDgDahn/vLDuU/5TfyzOfwjnWt8LubnYulrAoOqemByPdRtuHLxMR9chg9',
    '2aYU52mAcNtUOVsYCdEflmhdvlI4hi+oOWPmKfRNGJfsmLDj1Jqpgn0vPQKBgQDn1csE28d/AanepEwc/LOvB6jXZ46wSsGkFDMHFERqvEqD',
    '4Xl4zf+tYWGz2xsdHtEb+jZdY3h2Xcvvi++MgnA7QsfkA3aIkWzi+ckeam2q3EqPM4Kkcjl95RRB2FkU5hmNN/L+ScEJvw9OZD9QpLIJo8Nj',
    'zr16xZ5BBoyVV8AdGQKBgCAgILc8orAYaluHBFBU6JUdpIgOqVKAv4PyAItsbVVc96hmY/b3aVLlBgX4b3YEMVMrGaUItReGLetUd9PQ1kzB',
    'KWWktUX1At5nnBFvDajn1zI/VpoKUksWrUkRiJJgEJG1NSY31BgIvK/VPpiuZ2Fdc1SQyT3IhbDyWYkmODHVAoGAfjo+rueHaJScS/gC5SmG',
    'H/+4o4fj/gLGCjNhUTJsyfy5SbMjc24eDuXdz5K14ZYc3vHOVezJ8xDA8C2uAUAoIWwL8A8eo98ifTbplWD3UzdcdTnjoOv8d5qZ+/vzDNj4',
    'Apb6/A9mRos7p0AX5S23Ll53DUnMiyM8NkV9l/bOSEkCgYAS9ZhpaAepAkj341E4yIN2iIyHva4tUOA06riSOavREMduwh79SqwDgxD9J9Pq',
    '8JGZO8O3WKTy4IMs2S4clRW5udMbzXmaMRhgwa5xNIajBK0HObtkz7EzOmL5qK20ugFJ+FmmkkHc9TvShKhtJ862sCLiIoyH/rrnShJj5qHF',
    'Vg==',
  ],
  /** ECDSA on P-256. */
  p256One: [
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgW6Ogx3BnUu7ntB3JTZ71VTFSoFaZGpmYdaeMMw26AtihRANCAATM5OljAWjW',
    'bmzvguBUibDnBUq+9Kb2ZOi2DaM5QjK5yqHcMRJCdKTGzH1ffO+tkxYpruH4eZZ8leUYuoG2y2Kf',
  ],
  /** ECDSA on P-256. */
  p256Two: [
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLI4H7HHbzSldXI6+nIztbxfB8rXoWmWNcNvIeHY6kNShRANCAASkSlMR9/OT',
    'xLRN757/zuh+nHr2GXUOqDg4WuN89JvVQ6ryL4WBedvuIt9eZ4JXJNnDqSVCsJbC764sCdc3QcPL',
  ],
  /** ECDSA on P-256. */
  p256Three: [
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1uUuhH5iaF4HnGMR/XKNq7qFCVb1r3afudHq34lxMRyhRANCAATW5mWUQA6r',
    'wpa6VQeIUIVU55VQBeFcvl5H8eFwVsRisrIrIvT9H5Z1VMUSZ9TDss53rn+MZDNOO2jWkT8nX8jj',
  ],
  /** ECDSA on P-384. */
  p384One: [
    'MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDBZtEX64QA2VW1Fc4HqRGmCeKfCeHr24tfKm7HbrfShwznolJIVTNq3o61nt2Z9',
    'QeOhZANiAAR6hA2yjS5DYowFnXiBU9B8e3tU3BmZ2ADjMs52VbXrfFqEJsT7ATKn7uP1c+4l7HhrHJGr3mnzVPC9yPPlgyy0yRweremxQI/A',
    'zKJC52iVpq9gmb10U5RXr/I5AIBuroc=',
  ],
  /** ECDSA on P-384. */
  p384Two: [
    'MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDDVKgalB2olyPatbZUs1O+qETqRjgVaX7wK+Xr9IbLAZBdeTGoyc3KqY6LMTkT+lg',
    'uhZANiAASNAlhQV9LKfQCxt4nIF070I0WEAm9oyeCpwf4A+UYlIayqI2HAFJyWy87hgWEybJQqmO0Rs9WDhhrl0IHnMyj6He1hrzoO9cF08tRo',
    'z2Bt/LJDfypjNomr7mylVkYMb4g=',
  ],
  /** ECDSA on P-521. */
  p521One: [
    'MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIAdjOsUPfPcw2Nf+o5B5BcwVEVt2pj5k8v9pap2k2qZKrSAg3jZ7C6F92Q95bSI+',
    't5dXNzDbTaWs1OfsYLCj/XGd6hgYkDgYYABAHZN+EznGy418IS74/mPowU1KaZAx/Yh3gNQFlJ6Fwm0QO8bsWX6ariUAZdzzRwlnU28ela0Gev',
    'Ek1q4I25z55IrQHTlO0HNvaZx9TLIN+QWQdC9fREXWGn8flmKCocwoYZsiWEbX4yMc8JKI2TP35nv+kGzUZFD4bNXPrjEfWSRyU0qw==',
  ],
  /** ECDSA on P-521. */
  p521Two: [
    'MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIAJYaeuaIdrxgyE/HiPUkP1aQvpByvs1fIBSRrLojH29Yys4yY7RLyUJiT5iVpVC',
    '+OM57aYIVTrWlKtFicw+gpkA2hgYkDgYYABAGTJK5L0kmu/kGQDRa7Bj9+kfNskGLT0dhvdtedGRL2tWycTM/uo+btyzgXcXwx1KAn3crve6Mr',
    'wnaNP4AX19Pl0AB9xYX6GgUexOXUQmqsLJODE9t9n5uYWckeJgvaHklgbOqEq0EJNxbIapT6FtqhLHURL//tcf7b17hDu/dKOlMP4Q==',
  ],
  /** Ed25519. */
  ed25519One: ['MC4CAQAwBQYDK2VwBCIEIKsYKZS9fZ34uOPPzCgRQbaISeXBomdAccNJwU9tov3z'],
  /** Ed25519. */
  ed25519Two: ['MC4CAQAwBQYDK2VwBCIEID7zzbLKGn8FDU7Hn0tAane7VNMP1BApAPCwDn5wu/ua'],
  /** Ed448. */
  ed448One: ['MEcCAQAwBQYDK2VxBDsEORAZSKG+JaQU4yASBEewhgKftqMMZBnmvY9iYh9i11kQEeMGMB89NxehJg/79A594DOCwn2thqNHYg=='],
  /** Ed448. */
  ed448Two: ['MEcCAQAwBQYDK2VxBDsEOVtjVQ//tGVQ/wvAlUu/d4lOKHZO0dq5hbgpmz0kFyIhkGpyJLEqALRJNW6PIDHUdgfMCkg90eYeBw=='],
} as const;

/** Pure memory: what a name always becomes. */
const keys = new Map<string, PrivateKey>();
