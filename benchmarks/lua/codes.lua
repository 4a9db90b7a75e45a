-- Codes for tokens, each code once. Ends before they are used up, and tells the rate until then:
-- wrk's own would count the rest of its time, too.
-- init(authorization header, file of forms one a line, number of threads, connections of a thread).
local ffi = require("ffi")
ffi.cdef [[
   typedef struct { long seconds; long microseconds; } moment;
   int gettimeofday(moment *now, void *zone);
]]
local threads = {}

function setup(thread)
   table.insert(threads, thread)
   thread:set("number", #threads)
end

function init(args)
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
   wrk.headers["Authorization"] = args[1]
   forms, answered = {}, 0
   local line = 0
   for form in io.lines(args[2]) do
      line = line + 1
      if line % tonumber(args[3]) == number % tonumber(args[3]) then
         forms[#forms + 1] = form
      end
   end
   following, enough = 1, #forms - tonumber(args[4])
   clock = ffi.new("moment")
end

local function now()
   ffi.C.gettimeofday(clock, nil)
   return tonumber(clock.seconds) + tonumber(clock.microseconds) / 1e6
end

function request()
   began = began or now()
   local form = forms[following]
   following = following + 1
   return wrk.format(nil, nil, nil, form)
end

function response()
   answered = answered + 1
   ended = now()
   if answered >= enough then
      wrk.thread:stop()
   end
end

function done()
   local rate = 0
   for _, thread in ipairs(threads) do
      rate = rate + thread:get("answered") / (thread:get("ended") - thread:get("began"))
   end
   print(string.format("Answers/sec: %.2f", rate))
end
