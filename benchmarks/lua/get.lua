-- GET with headers: init(header lines…), each "Name: value".
function init(args)
   for i = 1, #args do
      local name, value = args[i]:match("^(.-): (.*)$")
      wrk.headers[name] = value
   end
end
