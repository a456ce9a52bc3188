#:property PublishAot=false
#:project eng/Make/Make.csproj
return await Decisioning.Make.MakeProgram.RunAsync(args);
