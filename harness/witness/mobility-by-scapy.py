"""Reads IPv6 packets of Mobile IPv6 with Scapy, and builds them anew with lengths, checksums and padding of its own.

Reads one JSON array of {"octets", "ownPadding"} from standard input, writes one array of answers in the same order: {"layers", "rebuilt"}. A layer is
[name, fields], options among the fields are layers again; octets are hex on both sides. Without "ownPadding" the padding stays as it came.
"""
import json
import sys

from scapy.fields import FlagValue
from scapy.layers.inet6 import IPv6, Pad1, PadN, _IPv6ExtHdr, _MobilityHeader
from scapy.packet import Packet, Raw

# Numbers beyond what JSON holds exactly, by the octets they fill.
LONG = {"authenticator": 12, "timestamp": 8}


def told(packet):
    fields = {}
    for name, value in packet.fields.items():
        if isinstance(value, FlagValue):
            fields.update({letter: int(letter in str(value)) for letter in value.names})
        elif name != "autopad":
            fields[name] = plain(name, value)
    return [type(packet).__name__, fields]


def plain(name, value):
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, list):
        return [told(each) if isinstance(each, Packet) else each for each in value]
    if name in LONG:
        return int(value).to_bytes(LONG[name], "big").hex()
    return value if isinstance(value, str) else int(value)


def layers_of(packet):
    while packet and not isinstance(packet, Raw):
        yield packet
        packet = packet.payload


def rebuilt(octets, own_padding):
    packet = IPv6(octets)
    packet.plen = None
    for layer in list(layers_of(packet))[1:]:
        if "cksum" in layer.fields:
            layer.cksum = None
        if isinstance(layer, (_IPv6ExtHdr, _MobilityHeader)):
            layer.len = None
        options = layer.fields.get("options")
        if options and own_padding:
            layer.options = [each for each in options if not isinstance(each, (Pad1, PadN))]
            layer.autopad = 1
        elif options is not None:
            layer.autopad = 0
    return bytes(packet).hex()


def answer(order):
    octets = bytes.fromhex(order["octets"])
    return {
        "layers": [told(layer) for layer in layers_of(IPv6(octets))],
        "rebuilt": rebuilt(octets, order["ownPadding"]),
    }


json.dump([answer(order) for order in json.load(sys.stdin)], sys.stdout)
