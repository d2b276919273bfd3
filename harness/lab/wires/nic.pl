# nic.pl INTERFACE ROOM: one packet socket (packet(7)) on a network interface of this machine, for a program that has none of its own. Frames come and go in records
# on stdin and stdout, all numbers in network byte order:
#
#     out   length (32 bits)  time (64 bits: nanoseconds of CLOCK_MONOTONIC at which the kernel had the frame)   frame
#     out   0 (32 bits)       frames that the kernel has dropped for want of room, so far (64 bits)
#     in    length (32 bits)  frame
#     in    0 (32 bits)       asks for the second kind, after everything that has arrived by now
#
# The second kind comes once unasked, when the socket stands. What goes wrong is one line on stderr, and the end. Promiscuous, and what was sent here is not heard here; both
# end with the socket, so that the interface is left as it was.
use strict;
use warnings;
use Errno qw(EAGAIN EINTR ENOBUFS);
use Fcntl qw(F_SETFL O_NONBLOCK);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC CLOCK_REALTIME);

use constant {
    AF_PACKET => 17,
    SOCK_RAW  => 3,
    ALL       => 0x0003,                # ETH_P_ALL
    SOL_SOCKET => 1, SO_RCVBUF => 8, SO_RCVBUFFORCE => 33,
    SOL_PACKET => 263, ADD_MEMBERSHIP => 1, STATISTICS => 6, VNET_HDR => 15, IGNORE_OUTGOING => 23,
    PROMISCUOUS => 1,
    SIOCGSTAMPNS => 0x8907,
    NEEDS_CHECKSUM => 1,                # virtio_net_hdr
    HEADER  => 10,
    LONGEST => 65_536 + 64,
    BATCH   => 256,                     # frames, before anybody else has a turn
    EXACT => 5e-6, TOLERABLE => 1e-3,   # seconds between two readings of a clock
    PATIENCE => 1000,                   # milliseconds for a queue that is full
};

my ($name, $room) = @ARGV;
$SIG{INT} = 'IGNORE';                   # whoever started this says when it ends
$SIG{PIPE} = 'DEFAULT';
binmode $_ for *STDIN, *STDOUT;

my $index = do { local @ARGV = "/sys/class/net/$name/ifindex"; <> } // die "there is no interface $name\n";
socket my $socket, AF_PACKET, SOCK_RAW, 0 or die "no packet socket: $!\n";
ioctl $socket, SIOCGSTAMPNS, my $stamp = "\0" x 16;   # refused, as nothing was heard yet; from now on the kernel keeps times
setsockopt $socket, SOL_PACKET, IGNORE_OUTGOING, pack 'i', 1 or die "the kernel does not tell what is sent here from what arrives: $!\n";
setsockopt $socket, SOL_PACKET, VNET_HDR, pack 'i', 1 or die "the kernel does not tell whose checksums are complete: $!\n";
setsockopt $socket, SOL_SOCKET, SO_RCVBUFFORCE, pack 'i', $room or setsockopt $socket, SOL_SOCKET, SO_RCVBUF, pack 'i', $room;
bind $socket, pack 'S n i S C C a8', AF_PACKET, ALL, $index, 0, 0, 0, '' or die "$name: $!\n";
setsockopt $socket, SOL_PACKET, ADD_MEMBERSHIP, pack 'i S S a8', $index, PROMISCUOUS, 0, '' or die "$name is not made promiscuous: $!\n";
fcntl $socket, F_SETFL, O_NONBLOCK or die "fcntl: $!\n";

my $dropped = 0;
my $offset;
1 until offset(TOLERABLE);
my $given = '';
statistics();

my $all = '';
vec($all, fileno $_, 1) = 1 for $socket, *STDIN;
while (1) {
    my $ready = $all;
    if (select($ready, undef, undef, undef) < 0) { next if $! == EINTR; die "select: $!\n" }
    receive() if vec $ready, fileno $socket, 1;
    take() if vec $ready, fileno STDIN, 1;
}

# Up to a batch of frames; how many there were.
sub receive {
    offset(EXACT);
    my $out = '';
    my $count = 0;
    while ($count < BATCH) {
        my $octets = sysread $socket, my $frame, LONGEST;
        if (!defined $octets) { last if $! == EAGAIN; next if $! == EINTR; lost($!) }
        ioctl $socket, SIOCGSTAMPNS, $stamp or die "$name: a frame without its time: $!\n";
        my ($seconds, $nanoseconds) = unpack 'q q', $stamp;
        my $whole = int $offset;
        my $time = ($seconds - $whole) * 1_000_000_000 + $nanoseconds - int(($offset - $whole) * 1e9);
        $frame = completed($frame);
        $out .= pack('N Q>', length $frame, $time) . $frame;
        $count++;
    }
    give($out) if $count;
    return $count;
}

# Seconds from one clock to the other, read between two readings of the first: how far those are apart is how wrong it may be.
sub offset {
    my ($before, $real, $after) = map { clock_gettime($_) } CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_MONOTONIC;
    return 0 if $after - $before > shift;
    $offset = $real - ($before + $after) / 2;
    return 1;
}

# What a machine sends to itself over a veth has checksums that only a cable would need: they are put in as its NIC would.
sub completed {
    my ($flags, $merged, undef, undef, $start, $offset) = unpack 'C C S S S S', $_[0];
    my $frame = substr $_[0], HEADER;
    die "$name hands frames over merged: ethtool -K $name gro off lro off, and at the other end of a veth tso off gso off\n" if $merged & 0x7f;
    return $frame unless $flags & NEEDS_CHECKSUM;
    my $covered = substr $frame, $start;
    $covered .= "\0" if length($covered) & 1;
    my $sum = unpack '%32n*', $covered;
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
    substr($frame, $start + $offset, 2) = pack 'n', ~$sum & 0xffff || 0xffff;
    return $frame;
}

sub take {
    my $octets = sysread STDIN, $given, LONGEST, length $given;
    exit 0 if !defined $octets || $octets == 0;
    my $at = 0;
    while (length($given) - $at >= 4) {
        my $length = unpack 'N', substr $given, $at, 4;
        last if length($given) - $at - 4 < $length;
        if ($length == 0) { statistics() }
        else { transmit(substr $given, $at + 4, $length) }
        $at += 4 + $length;
    }
    substr($given, 0, $at) = '';
}

sub transmit {
    my $frame = shift;
    for (my $waited = 0; !defined syswrite $socket, "\0" x HEADER . $frame; ) {
        next if $! == EINTR;
        lost($!) if ($! != EAGAIN && $! != ENOBUFS) || ++$waited > PATIENCE;
        select undef, undef, undef, 0.001;
    }
}

# After everything that has arrived by now. The kernel begins again at zero with every asking.
sub statistics {
    1 while receive() == BATCH;
    $dropped += (unpack 'I I', getsockopt $socket, SOL_PACKET, STATISTICS)[1];
    give(pack 'N Q>', 0, $dropped);
}

sub give {
    my $out = shift;
    for (my $at = 0; $at < length $out; ) {
        my $written = syswrite STDOUT, $out, length($out) - $at, $at;
        if (defined $written) { $at += $written }
        elsif ($! != EINTR) { exit 0 }
    }
}

sub lost { die "$name: $_[0]\n" }
