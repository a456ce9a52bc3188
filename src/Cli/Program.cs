Console.Error.WriteLine("decide: no commands yet");
return 2;
