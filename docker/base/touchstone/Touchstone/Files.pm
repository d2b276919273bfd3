# Reading, writing and removing files of the guest: /proc and /sys among them, and a product's configuration.
package Touchstone::Files;
use strict;
use warnings;
use Touchstone::Bounds qw(FILE_OCTETS);

our %verbs = (
    # read PATH...: the contents of each, in order; refused for one that is too long.
    read => sub { map { contents($_) } @_ },
    # write PATH OCTETS [MODE]: folders above it are made as needed; MODE is octal.
    write => \&put,
    # remove PATH...: files and whole folders; one that is not there is no error.
    remove => sub { discard($_) for @_; return },
    # list FOLDER: the names in it, sorted; none where the folder is missing.
    list => sub { sort(names($_[0])) },
);

sub contents {
    my $path = shift;
    open my $file, '<:raw', $path or die "$path: $!\n";
    my $octets = '';
    while (1) {
        my $got = sysread $file, $octets, 65536, length $octets;
        die "$path: $!\n" unless defined $got;
        return $octets if $got == 0;
        die "$path: more than " . FILE_OCTETS . " octets\n" if length $octets > FILE_OCTETS;
    }
}

# One write(2), as files below /proc/sys want it.
sub put {
    my ($path, $octets, $mode) = @_;
    my $folder = '';
    $folder .= "/$1" and mkdir $folder while $path =~ m{\G/+([^/]+)(?=/)}g;
    open my $file, '>:raw', $path or die "$path: $!\n";
    chmod oct $mode, $path if defined $mode;
    my $offset = 0;
    while ($offset < length $octets) {
        my $wrote = syswrite $file, $octets, length($octets) - $offset, $offset;
        die "$path: $!\n" unless defined $wrote;
        $offset += $wrote;
    }
    close $file or die "$path: $!\n";
    return;
}

sub discard {
    my $path = shift;
    if (-d $path and not -l $path) {
        discard("$path/$_") for names($path);
        rmdir $path or die "$path: $!\n";
    }
    elsif (-e $path or -l $path) { unlink $path or die "$path: $!\n" }
}

sub names {
    opendir my $folder, shift or return;
    return grep { $_ ne '.' and $_ ne '..' } readdir $folder;
}

1;
