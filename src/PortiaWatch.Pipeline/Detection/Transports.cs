using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Decides what an endpoint is made of, from what the text says and, where it says nothing, from the port's only known use; else tcp.</summary>
internal static class Transports
{
    public static Endpoint Complete(Target target, IReadOnlyList<Line> lines, IReadOnlyList<Proof> proofs)
    {
        var mention = target.Mention;
        if (mention.Path is not null)
            return new Endpoint { Transport = Transport.Unix, Path = mention.Path };
        var transport = mention.Transport ?? Said([target.Line]) ?? Said(proofs.Select(proof => proof.Line)) ?? (lines.Any(SaysDatagram) ? Transport.Udp : (Transport?)null) ?? Usual(mention.Port);
        return new Endpoint { Transport = transport, Address = target.Address, Port = mention.Port };
    }

    public static Transport OfText(IReadOnlyList<Line> lines, IReadOnlyList<Proof> proofs)
    {
        if (proofs.Any(proof => proof.Evidence.Kind is EvidenceKind.DisplayActive || SaysUnix(proof.Line)))
            return Transport.Unix;
        return Said(proofs.Select(proof => proof.Line)) ?? (lines.Any(SaysDatagram) ? Transport.Udp : Transport.Tcp);
    }

    private static bool SaysUnix(Line line) => line.Contains("unix socket") || line.Contains("unix domain") || line.Contains("unix_listener") || line.Contains("unix address") || line.Contains("unix:");

    private static Transport? Said(IEnumerable<Line> lines)
    {
        var isUdp = false;
        var isTcp = false;
        foreach (var line in lines)
        {
            isUdp |= line.HasAny(Sense.Udp) || SaysDatagram(line);
            isTcp |= line.SaysAny("tcp", "tcp4", "tcp6");
        }

        return isUdp == isTcp ? null : isUdp ? Transport.Udp : Transport.Tcp;
    }

    private static bool SaysDatagram(Line line) => line.Contains("datagram") || line.Contains("dgram");

    // Ports that are spoken over udp first of all: dns, dhcp, tftp, ntp, netbios, snmp, ike, syslog, openvpn, radius, ssdp, nat-t, mdns, wireguard.
    private static Transport Usual(int? port) => port is 53 or 67 or 68 or 69 or 123 or 137 or 138 or 161 or 162 or 500 or 514 or 1194 or 1812 or 1813 or 1900 or 4500 or 5353 or 51820 ? Transport.Udp : Transport.Tcp;
}
