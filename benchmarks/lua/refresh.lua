-- Refresh with rotation: every answer's token feeds a later request.
-- init(authorization header, file of refresh tokens one a line, number of threads).
local counter = 0

function setup(thread)
   counter = counter + 1
   thread:set("number", counter)
end

function init(args)
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
   wrk.headers["Authorization"] = args[1]
   tokens, first, last = {}, 1, 0
   local line = 0
   for token in io.lines(args[2]) do
      line = line + 1
      if line % tonumber(args[3]) == number % tonumber(args[3]) then
         last = last + 1
         tokens[last] = token
      end
   end
end

function request()
   local token = tokens[first]
   tokens[first] = nil
   first = first + 1
   return wrk.format(nil, nil, nil, "grant_type=refresh_token&refresh_token=" .. token)
end

function response(status, headers, body)
   local token = body:match('"refresh_token": ?"([^"]+)"')
   if token then
      last = last + 1
      tokens[last] = token
   end
end
