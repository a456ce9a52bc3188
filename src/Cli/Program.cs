using Decisioning.Cli;

return await DecideProgram.RunAsync(args);
