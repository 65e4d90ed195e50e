namespace PortiaWatch.Darwin.Tests.Support;

/// <summary>Output of launchctl in the shapes that public reports show.</summary>
internal static class LaunchctlSamples
{
    public const string Domain = """
        gui/501 = {
        	type = login
        	handle = 100005
        	active count = 410
        	service count = 365

        	services = {
        		       0      -9 	com.apple.mdworker.shared
        		     876       - 	homebrew.mxcl.redis
        		     900       - 	com.example.web
        		     700       - 	application.com.apple.Terminal.1152921500311879719.1152921500311879724
        	}

        	unmanaged processes = {
        		com.apple.xpc.launchd.unmanaged.something.123 = {
        			active count = 2
        		}
        	}

        	endpoints = {
        		0x1b123    M   A   com.apple.backgroundtaskmanagement.sfl
        		     0x0    M   D   com.example.ondemand
        	}
        }
        """;

    public const string Service = """
        gui/501/com.example.web = {
        	active count = 1
        	path = /Users/dev/Library/LaunchAgents/com.example.web.plist
        	type = LaunchAgent
        	state = running

        	program = /bin/sh
        	default environment = {
        		PATH => /usr/bin:/bin:/usr/sbin:/sbin
        	}

        	pid = 900
        	endpoints = {
        		"com.example.web.control" = {
        			port = 0x5303
        			active = 1
        		}
        	}
        }
        """;
}
