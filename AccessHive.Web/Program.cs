using AccessHive.Web.Start;

var (options, answer) = StartOptions.Parse(args);
if (options is null)
    return answer.Say();

return await HiveHost.RunAsync(options);
