"""What Scapy makes of AH: orders on standard input (JSON), answers on standard output.

verify: the packet (hex) is opened under the SA; what it carries, or why it was refused.
seal: the packet (hex) is put under the SA.
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


def answer(order):
    octets = bytes.fromhex(order["packet"])
    packet = (IP if octets[0] >> 4 == 4 else IPv6)(octets)
    try:
        if order["kind"] == "seal":
            return {"packet": raw(association(order).encrypt(packet)).hex()}
        return {"packet": raw(association(order).decrypt(packet)).hex()}
    except Exception as refusal:
        return {"refused": "%s: %s" % (type(refusal).__name__, refusal)}


json.dump([answer(order) for order in json.load(sys.stdin)], sys.stdout)
