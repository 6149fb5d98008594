using AccessHive.Web.Commands;

return await CommandLine.RunAsync(args);
