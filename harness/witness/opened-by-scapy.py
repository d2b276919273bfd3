"""Opens what tshark 4.0 cannot, with Scapy: ESP under extended sequence numbers or ChaCha20-Poly1305, and an SK payload under the latter. AES-GMAC, which
Scapy does not know either, with the library beneath it.

Reads one JSON array of orders from standard input, writes one array of answers in the same order: {"nextHeader", "payload"} of what was
inside, or {"refused": why} when the ICV is wrong under every key offered. Octets are hex on both sides.
"""
import json
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from cryptography.hazmat.primitives.cmac import CMAC
from scapy.layers.ipsec import ESP, IPSecIntegrityError, SecurityAssociation

ENCRYPTION = {
    3: "3DES",
    11: "NULL",
    12: "AES-CBC",
    13: "AES-CTR",
    14: "AES-CCM",
    15: "AES-CCM",
    16: "AES-CCM",
    18: "AES-GCM",
    19: "AES-GCM",
    20: "AES-GCM",
    28: "CHACHA20-POLY1305",
}
# Octets of the ICV where the transform's number says them.
ICV = {14: 8, 15: 12, 16: 16, 18: 8, 19: 12, 20: 16}
# XCBC is none that Scapy has.
INTEGRITY = {None: "NULL", 2: "HMAC-SHA1-96", 5: "NULL", 8: "AES-CMAC-96", 12: "SHA2-256-128", 13: "SHA2-384-192", 14: "SHA2-512-256"}


def block(key, octets):
    return Cipher(AES(key), ECB()).encryptor().update(octets)


def xcbc(key, octets):
    """RFC 3566 section 4, 96 bits of it."""
    k1, k2, k3 = (block(key, bytes([n]) * 16) for n in (1, 2, 3))
    whole = len(octets) > 0 and len(octets) % 16 == 0
    padded = octets if whole else octets + b"\x80" + bytes(15 - len(octets) % 16)
    e = bytes(16)
    for at in range(0, len(padded), 16):
        last = at + 16 == len(padded)
        tail = (k2 if whole else k3) if last else bytes(16)
        e = block(k1, bytes(a ^ b ^ c for a, b, c in zip(padded[at : at + 16], e, tail)))
    return e[:12]


def cmac(key, octets):
    mac = CMAC(AES(key))
    mac.update(octets)
    return mac.finalize()[:12]


def open_esp(order):
    octets = bytes.fromhex(order["octets"])
    for high in order["highs"]:
        try:
            plain = opened(octets, order, high)
        except IPSecIntegrityError:
            continue
        return {"nextHeader": plain.nh, "payload": bytes(plain.data).hex(), "high": high}
    return {"refused": "ICV"}


class Plain:
    """What was inside, as Scapy says it."""

    def __init__(self, octets):
        self.nh = octets[-1]
        self.data = octets[: len(octets) - 2 - octets[-2]]


def opened_gmac(octets, order, high):
    """RFC 4543 3.3 with erratum 1821: SPI, sequence number, IV and payload are authenticated, the salt is the key's tail."""
    key, header, iv, body, icv = bytes.fromhex(order["encryptionKey"]), octets[:8], octets[8:16], octets[16:-16], octets[-16:]
    extended = high.to_bytes(4, "big") if order["extended"] else b""
    authenticated = header[:4] + extended + header[4:] + iv + body
    try:
        AESGCM(key[:-4]).decrypt(key[-4:] + iv, icv, authenticated)
    except InvalidTag:
        raise IPSecIntegrityError("ICV")
    return Plain(body)


def opened(octets, order, high):
    if order["encryption"] == 21:
        return opened_gmac(octets, order, high)
    extended = order["extended"]
    if order["integrity"] == 5:
        body, icv = octets[:-12], octets[-12:]
        if xcbc(bytes.fromhex(order["integrityKey"]), body + (high.to_bytes(4, "big") if extended else b"")) != icv:
            raise IPSecIntegrityError("ICV")
        octets = body
    association = SecurityAssociation(
        ESP,
        spi=int.from_bytes(octets[:4], "big"),
        crypt_algo=ENCRYPTION[order["encryption"]],
        crypt_key=bytes.fromhex(order["encryptionKey"]),
        crypt_icv_size=ICV.get(order["encryption"]),
        auth_algo=INTEGRITY[order["integrity"]],
        auth_key=bytes.fromhex(order["integrityKey"]),
        esn_en=extended,
        esn=high,
    )
    icv_octets = ICV.get(order["encryption"]) or association.crypt_algo.icv_size or association.auth_algo.icv_size
    if association.auth_algo.icv_size:
        # RFC 4303 2.2.1: the high half is authenticated after the packet and not sent; Scapy knows this of AEADs only.
        mac = association.auth_algo.new_mac(association.auth_key)
        mac.update(octets[:-icv_octets] + (high.to_bytes(4, "big") if extended else b""))
        if mac.finalize()[:icv_octets] != octets[-icv_octets:]:
            raise IPSecIntegrityError("ICV")
    return association.crypt_algo.decrypt(
        association, ESP(octets), association.crypt_key, icv_octets, esn_en=extended, esn=high
    )


def open_sk(order):
    message, start, key = bytes.fromhex(order["octets"]), order["bodyStart"], bytes.fromhex(order["key"])
    plain = opened_sk(message, start, key, order)
    if plain is None:
        return {"refused": "ICV"}
    return {"nextHeader": message[start - 4], "payload": plain[: len(plain) - 1 - plain[-1]].hex()}


def opened_sk(message, start, key, order):
    """RFC 7634: the salt is the key's tail, the associated data everything before the IV. Beside it AES-CBC with the ICVs of AES (RFC 7296 3.14)."""
    if order["encryption"] == 28:
        nonce = key[32:] + message[start : start + 8]
        try:
            return ChaCha20Poly1305(key[:32]).decrypt(nonce, message[start + 8 :], message[:start])
        except InvalidTag:
            return None
    mac = {5: xcbc, 8: cmac}[order["integrity"]]
    if mac(bytes.fromhex(order["integrityKey"]), message[:-12]) != message[-12:]:
        return None
    decryptor = Cipher(AES(key), CBC(message[start : start + 16])).decryptor()
    return decryptor.update(message[start + 16 : -12])


json.dump([open_esp(order) if order["kind"] == "esp" else open_sk(order) for order in json.load(sys.stdin)], sys.stdout)
