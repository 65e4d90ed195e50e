namespace PortiaWatch.Pipeline.Detection;

/// <summary>The words that matter, lower case, with what they can mean. Meaning is decided by the phrases in which they stand, never by one word alone.</summary>
internal static class Lexicon
{
    private static readonly (Sense Sense, string Words)[] Rows =
    [
        (Sense.Port, "port ports portnumber puerto puertos porta porte anschluss порт порта порту порты порте poort portti porten portu porttia"),
        (Sense.Address, "address addr addresses adresse sockaddr dirección direccion endereço indirizzo адрес endpoint endpoints interface binding bindings"),
        (Sense.Socket, "socket sockets sock socketfile"),
        (Sense.Unix, "unix abstract pipe uds ipc"),
        (Sense.Listener | Sense.Listen, "listener listeners"),
        (Sense.Display, "display"),
        (Sense.Already, "already currently still presently alredy allready ya déjà bereits schon già já уже redan allerede jo al już zaten"),
        (Sense.In, "in under"),
        (Sense.Use, "use usage uso gebruik brug bruk"),
        (Sense.Busy, "used taken occupied busy allocated claimed utilized utilised engaged belegt besetzt occupé occupée ocupado occupata verwendet benutzt utilisé utilizado usado занят занята"
            + " используется bound assigned registered exposed published reserved held opened open upptagen zajęty zajętym mapped forwarded"),
        (Sense.Being, "being"),
        (Sense.Be, "being is are was were be been seems appears its it's seem appear ist est está wird é è jest"),
        (Sense.By, "by"),
        (Sense.Not, "not no never isn't isnt wasn't aren't without don't doesn't longer neither nor didn't"),
        (Sense.Fail, "fail fails failed failure failures failing cannot can't cant couldn't couldnt unable impossible unsuccessful faild couldn fehlgeschlagen echec échec impossibile unsuccessfully won't"
            + " canna wouldn't trouble problem rejected kann cannot"),
        (Sense.ErrorWord, "error errors fatal exception err critical panic panicked emerg alert severe erreur fehler erro errore ошибка eror"),
        (Sense.Bind, "bind binds bindto bindsocket bind0 bind1 rebind tcpbind binding bindings bound bindexception"),
        (Sense.Listen, "listen listens listening relisten listenandserve listenon écouter escuchar lauschen listened"),
        (Sense.Hold, "listen listens listening answering squatting sitting squats sits using uses running runs occupies occupying owns holds holding has have active hogging blocking serves up owning attached bound serving bind started"),
        (Sense.Start, "start starting started launch launching create creating created open opening opened init initialize initializing initialise initialising initialization setup setting set allocate"
            + " allocating acquire acquiring expose exposing publish publishing forward forwarding reserve reserving serve serving run spawn spawning startup boot booting bring establish"
            + " claim claiming activate enable make get add map mapping attach register host hosting obtain launched forwarded creation programming"),
        (Sense.Connect, "connect connecting connectex dial dialing dialling connected connects reconnect reconnecting outgoing outbound ephemeral proxyconnect"),
        (Sense.Another, "another other something someone existing anything somebody"),
        (Sense.Actor, "process processes program programs app apps application applications instance instances server servers service services container copy daemon proxy software job session site"
            + " postmaster user tunnel one devserver"),
        (Sense.Take, "use uses used using picked picking pick choosing chose chosen selecting selected switching switched falling fell fallback moving moved incrementing incremented bumping bumped"
            + " changing changed assigning advancing shifting defaulting rolling rebinding reassigned reassigning auto automatically redirecting found going assigned started starting running listening"
            + " launching serving binding starts skipping"),
        (Sense.Elsewhere, "another other different next instead alternative alternate random new free again higher subsequent fresh dynamic available else"),
        (Sense.Trying, "trying attempting tries looking searching try probing checking finding"),
        (Sense.Retry, "retrying retry retries retried reattempting backoff"),
        (Sense.GiveUp, "giving gave exiting quitting exhausted abort aborting terminating stopping bailing"),
        (Sense.Available, "available free"),
        (Sense.Unavailable, "unavailable inaccessible"),
        (Sense.Conflict, "conflict conflicts conflicting conflicted clash clashes collides collision overlaps"),
        (Sense.If, "if when whenever whether unless ensure ensures verify sure check checks until once avoid avoids prevent prevents handle handles detect detects where case assert asserts should"
            + " expects expected simulate simulates wenn waiting wait how why what faq because-of"),
        (Sense.Foreign, "name names username nickname email e-mail mail device file files image tag key id branch slot volume subnet lock database handle connections label alias memory license seat identifier network"
            + " disk resource table path lockfile worktree directory folder drive cgroup token code domain phone account profile theme plugin module library prefix index partition camera microphone"
            + " swap namespace mount bytes heap feature inode inodes version nick loop uuid session transaction package hostname serial coupon cores cpu cpus vlan schema username password book entry entries bar space range pool"),
        (Sense.OtherAddress, "ip ipv4 ipv6 mac hardware ethernet wallet billing i2c slave bus peer lease dhcp arp static postal bluetooth street contract email e-mail mail virtual memory base register pointer return"),
        (Sense.OtherPort, "jtag swd usb com gpio parallel hdmi midi lpt sfp scsi sata thunderbolt pcie uart tty switch ttyusb0 ttyacm0 ttys0 displayport physical jack serial com3 com4 com1 com2"),
        (Sense.Udp, "udp datagram dgram udp4 udp6 quic dtls ntp snmp imudp tftp mdns dhcpd http3 stun wireguard l2tp"),
        (Sense.Tcp, "tcp tcp4 tcp6 http https"),
        (Sense.Remote, "remote upstream backend target destination from origin"),
        (Sense.OtherCause, "permission permissions denied eacces eperm permitted eaddrnotavail addrnotavailable refused econnrefused timeout unreachable invalid unknown unsupported emfile enfile"
            + " forbidden enoent enotfound einval etimedout econnreset certificate syntax unresolvable privileges privileged 10013 10049 10055 10061 10060 firewall exceeded malformed missing enobufs"
            + " eafnosupport epipe unauthorized requires"),
        (Sense.Advice, "please you specify either consider your want would should stop change manually kill close choose rerun re-run"),
        (Sense.To, "to"),
        (Sense.Will, "will we'll i'll ll"),
        (Sense.Exists, "exists exist"),
        (Sense.Modal, "maybe may might perhaps possibly probably could"),
        (Sense.Removal, "removing removed unlinking deleting stale killed killing freed freeing cleaning cleaned released reclaiming unlink"),
    ];

    // A table of its own: what the framework has for this must be compiled at run time, and the first sighting would wait for it.
    private const int SlotBits = 12;

    private static readonly string?[] Words = new string?[1 << SlotBits];
    private static readonly Sense[] Senses = BuildSenses();

    public static Sense Look(ReadOnlySpan<char> word)
    {
        var slot = Find(word);
        return Words[slot] is null ? Sense.None : Senses[slot];
    }

    private static Sense[] BuildSenses()
    {
        var senses = new Sense[Words.Length];
        foreach (var (sense, words) in Rows)
        {
            foreach (var word in words.Split(' '))
            {
                var slot = Find(word);
                Words[slot] = word;
                senses[slot] |= sense;
            }
        }

        return senses;
    }

    private static int Find(ReadOnlySpan<char> word)
    {
        var hash = 2166136261u;
        foreach (var c in word)
            hash = (hash ^ c) * 16777619u;
        var slot = (int)(hash * 2654435761u >> (32 - SlotBits));
        while (Words[slot] is { } known && !word.SequenceEqual(known))
            slot = (slot + 1) & (Words.Length - 1);
        return slot;
    }
}
