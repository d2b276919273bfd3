"""What Scapy makes of AH: orders on standard input (JSON), answers on standard output.

verify: the packet (hex) is opened under the SA; what it carries, or why it was refused.
seal: the packet (hex) is put under the SA.

Scapy knows nothing of what RFC 6275 foretells, so that is worked out here, from its text and without any code of ours: a home
address option exchanges its address with the source (9.3.1, 11.3.2), a routing header is as it will be when its segments are
done (9.3.2, RFC 4302 3.3.3.1.2). Scapy sees the packet in that form, and what it seals is taken back to the wire.
"""
import json
import sys

from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6
from scapy.layers.ipsec import AH, SecurityAssociation
from scapy.packet import raw

ALGORITHMS = {2: "HMAC-SHA1-96", 8: "AES-CMAC-96", 12: "SHA2-256-128", 13: "SHA2-384-192", 14: "SHA2-512-256"}


def association(order):
    return SecurityAssociation(
        AH,
        spi=order["spi"],
        seq_num=order["sequenceNumber"],
        auth_algo=ALGORITHMS[order["integrity"]],
        auth_key=bytes.fromhex(order["key"]),
        esn_en=order["high"] is not None,
        esn=order["high"] or 0,
    )


def exchange(octets, one, other):
    octets[one : one + 16], octets[other : other + 16] = octets[other : other + 16], octets[one : one + 16]


def headers(octets):
    """Where each header before AH begins, with its protocol number."""
    following, at = octets[6], 40
    while following in (0, 43, 60):
        yield following, at
        following, at = octets[at], at + 8 * (octets[at + 1] + 1)


def exchange_home_address(octets, at):
    option, end = at + 2, at + 8 * (octets[at + 1] + 1)
    while option < end:
        if octets[option] == 0:
            option += 1
            continue
        if octets[option] == 201 and octets[option + 1] == 16:
            exchange(octets, 8, option + 2)
        option += 2 + octets[option + 1]


def addresses_of(octets, at):
    return [at + 8 + 16 * place for place in range(octets[at + 1] // 2)]


def as_it_arrives(octets):
    """The form that the ICV is of, and what takes it back: how many segments each routing header had left."""
    octets, left = bytearray(octets), []
    if octets[0] >> 4 == 4:
        return octets, left
    for protocol, at in headers(octets):
        if protocol == 60:
            exchange_home_address(octets, at)
        elif protocol == 43 and octets[at + 2] in (0, 2):
            left.append((at, octets[at + 3]))
            for address in addresses_of(octets, at)[-octets[at + 3] :] if octets[at + 3] else []:
                exchange(octets, 24, address)
            octets[at + 3] = 0
    return octets, left


def as_it_left(octets, left):
    octets = bytearray(octets)
    for at, segments in reversed(left):
        for address in reversed(addresses_of(octets, at)[-segments:] if segments else []):
            exchange(octets, 24, address)
        octets[at + 3] = segments
    for protocol, at in headers(octets) if octets[0] >> 4 == 6 else []:
        if protocol == 60:
            exchange_home_address(octets, at)
    return octets


def answer(order):
    octets, left = as_it_arrives(bytes.fromhex(order["packet"]))
    packet = (IP if octets[0] >> 4 == 4 else IPv6)(bytes(octets))
    try:
        if order["kind"] == "seal":
            return {"packet": as_it_left(raw(association(order).encrypt(packet)), left).hex()}
        return {"packet": raw(association(order).decrypt(packet)).hex()}
    except Exception as refusal:
        return {"refused": "%s: %s" % (type(refusal).__name__, refusal)}


json.dump([answer(order) for order in json.load(sys.stdin)], sys.stdout)
