using Decisioning.Silo;

return await SiloRun.ToExitCodeAsync(args, () => SiloApp.Build(args));
