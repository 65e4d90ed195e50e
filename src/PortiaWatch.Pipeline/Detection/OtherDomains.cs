namespace PortiaWatch.Pipeline.Detection;

/// <summary>Tells evidence that belongs to something else than a bind of ours: a client that ran out of ports, routing and link layer, duplicate IP addresses.</summary>
internal static class OtherDomains
{
    public static bool Owns(Line line, Evidence evidence) => IsLinkLayer(line, evidence) || IsClient(line, evidence);

    private static bool IsLinkLayer(Line line, Evidence evidence)
    {
        var isLink = false;
        foreach (var word in line.Words)
        {
            switch (line[word])
            {
                case "rtnetlink" or "necp" or "siocaddrt" or "siocsifaddr" or "siocsifflags" or "nl80211" or "siocgifaddr" or "arping":
                    return true;
                case "dhcp" or "dhcpdecline" or "dhcpack" or "dhcpoffer" or "dhcpnak" or "dhcpd" or "arp" or "lease" or "leases" or "neighbor" or "neighbour" or "duplicate" or "netlink" or "ioctl" or "dhclient" or "gpio" or "i2c" or "can0" or "vlan" or "dad" or "networkmanager" or "networkd":
                    isLink = true;
                    break;
            }
        }

        return isLink && evidence.About?.Port is null && !line.HasAny(Sense.Bind | Sense.Listen | Sense.Listener | Sense.Socket | Sense.Port);
    }

    // The call that stands nearest before the error names what failed; Ruby puts it behind: "Address already in use - connect(2) for …".
    private static bool IsClient(Line line, Evidence evidence)
    {
        if (line.Contains("can't connect to ('") || line.Contains("socket_server") || line.Mentions.Any(mention => mention.Path is not null && mention.Weight == 10))
            return false;
        var dials = false;
        var call = Sense.None;
        var says = false;
        foreach (var word in line.Words)
        {
            if (word.Start >= evidence.End)
                break;
            if (word.Start >= evidence.Start)
                continue;
            if (word.Has(Sense.Connect) && line[word] is not ("connected" or "ephemeral"))
                call = Sense.Connect;
            else if (line[word] is "accept" or "accepting" or "sendto" or "sendmsg")
                call = Sense.Connect;
            else if (word.Has(Sense.Bind | Sense.Listen | Sense.Listener))
                call = Sense.Bind;
            dials |= line[word] is "dial" or "dialing" or "ephemeral" or "outgoing" or "outbound";
            says |= line[word] is "connection" or "connections" or "client" or "upstream" or "proxy_connect";
        }

        if (dials && !line.Contains("listen") || IsConnectionCode(line))
            return true;
        if (call == Sense.Connect)
            return true;
        if (call == Sense.Bind)
            return false;
        if (AfterIsConnect(line, evidence))
            return true;
        return says && evidence.IsError && !line.HasAny(Sense.Port | Sense.Socket) && evidence.About is null && !IsLabel(line, evidence);
    }

    // Names that client libraries give to what failed.
    private static bool IsConnectionCode(Line line) => !line.HasAny(Sense.Bind | Sense.Listen)
        && (line.Contains("connectasync") || line.Contains("connectionerror") || line.Contains("connectionpool") || line.Contains("new connection") || line.Contains("httprequestexception") || line.Contains("connectexception"));

    private static bool AfterIsConnect(Line line, Evidence evidence)
    {
        var first = line.WordAt(evidence.End);
        for (var i = first; i < line.Words.Length && i < first + 4; i++)
        {
            if (line.Has(i, Sense.Bind | Sense.Listen))
                return false;
            if (line.Has(i, Sense.Connect) && line[line.Words[i]] is "connect" or "connecting" or "dial")
                return true;
        }

        return false;
    }

    // "Connection in use: (…)" is said of a listening socket.
    private static bool IsLabel(Line line, Evidence evidence) => line.Lower.AsSpan(0, evidence.Start).TrimEnd().EndsWith("connection");
}
