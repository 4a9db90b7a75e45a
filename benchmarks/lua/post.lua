-- POST one constant body: init(content type, body file, header lines…), each header "Name: value".
function init(args)
   wrk.method = "POST"
   wrk.headers["Content-Type"] = args[1]
   local file = io.open(args[2])
   wrk.body = file:read("*a")
   file:close()
   for i = 3, #args do
      local name, value = args[i]:match("^(.-): (.*)$")
      wrk.headers[name] = value
   end
end
