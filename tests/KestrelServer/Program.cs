// A real Kestrel server for the integration tests: listens where --urls says.
WebApplication app = WebApplication.CreateSlimBuilder(args).Build();
app.MapGet("/", () => "hello");
app.Run();
