Console.Error.WriteLine("keypointml: not wired yet");
return 2;
