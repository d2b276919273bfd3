/** Transforms in the names of the Linux crypto interface, as ip-xfrm(8) takes and prints them, by IANA's numbers (RFC 7296 3.3.2). */

export interface LinuxName {
  readonly name: string;
  /** Of the ICV, in bits. */
  readonly icv?: number;
}

/** `icv` where the cipher is an AEAD; `salt` in octets, where its key ends with one. */
export const linuxCiphers: Readonly<Record<number, LinuxName & { readonly salt?: number }>> = {
  2: { name: 'cbc(des)' },
  3: { name: 'cbc(des3_ede)' },
  11: { name: 'ecb(cipher_null)' },
  12: { name: 'cbc(aes)' },
  13: { name: 'rfc3686(ctr(aes))', salt: 4 },
  14: { name: 'rfc4309(ccm(aes))', icv: 64, salt: 3 },
  15: { name: 'rfc4309(ccm(aes))', icv: 96, salt: 3 },
  16: { name: 'rfc4309(ccm(aes))', icv: 128, salt: 3 },
  18: { name: 'rfc4106(gcm(aes))', icv: 64, salt: 4 },
  19: { name: 'rfc4106(gcm(aes))', icv: 96, salt: 4 },
  20: { name: 'rfc4106(gcm(aes))', icv: 128, salt: 4 },
  21: { name: 'rfc4543(gcm(aes))', icv: 128, salt: 4 },
  28: { name: 'rfc7539esp(chacha20,poly1305)', icv: 128, salt: 4 },
};

/** With the ICV that the transform of this number has. */
export const linuxAuthenticators: Readonly<Record<number, Required<LinuxName>>> = {
  1: { name: 'hmac(md5)', icv: 96 },
  2: { name: 'hmac(sha1)', icv: 96 },
  5: { name: 'xcbc(aes)', icv: 96 },
  8: { name: 'cmac(aes)', icv: 96 },
  12: { name: 'hmac(sha256)', icv: 128 },
  13: { name: 'hmac(sha384)', icv: 192 },
  14: { name: 'hmac(sha512)', icv: 256 },
};
