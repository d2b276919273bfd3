"""Opens what tshark 4.0 cannot, with Scapy: ESP under extended sequence numbers or ChaCha20-Poly1305, and an SK payload under the latter. AES-GMAC, which
Scapy does not know either, with the library beneath it.

Reads one JSON array of orders from standard input, writes one array of answers in the same order: {"nextHeader", "payload"} of what was
inside, or {"refused": why} when the ICV is wrong under every key offered. Octets are hex on both sides.
"""
import json
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from scapy.layers.ipsec import ESP, IPSecIntegrityError, SecurityAssociation

ENCRYPTION = {3: "3DES", 11: "NULL", 12: "AES-CBC", 20: "AES-GCM", 28: "CHACHA20-POLY1305"}
INTEGRITY = {None: "NULL", 2: "HMAC-SHA1-96", 12: "SHA2-256-128", 13: "SHA2-384-192", 14: "SHA2-512-256"}


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
    association = SecurityAssociation(
        ESP,
        spi=int.from_bytes(octets[:4], "big"),
        crypt_algo=ENCRYPTION[order["encryption"]],
        crypt_key=bytes.fromhex(order["encryptionKey"]),
        auth_algo=INTEGRITY[order["integrity"]],
        auth_key=bytes.fromhex(order["integrityKey"]),
        esn_en=extended,
        esn=high,
    )
    icv_octets = association.crypt_algo.icv_size or association.auth_algo.icv_size
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
    """RFC 7634: the salt is the key's tail, the associated data everything before the IV."""
    message, start, key = bytes.fromhex(order["octets"]), order["bodyStart"], bytes.fromhex(order["key"])
    nonce = key[32:] + message[start : start + 8]
    try:
        plain = ChaCha20Poly1305(key[:32]).decrypt(nonce, message[start + 8 :], message[:start])
    except InvalidTag:
        return {"refused": "ICV"}
    return {"nextHeader": message[start - 4], "payload": plain[: len(plain) - 1 - plain[-1]].hex()}


json.dump([open_esp(order) if order["kind"] == "esp" else open_sk(order) for order in json.load(sys.stdin)], sys.stdout)
