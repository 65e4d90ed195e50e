using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("macos")]
