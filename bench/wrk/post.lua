-- Places replies, each thread as a writer with a session of its own. Arguments: a folder and a number.
--   FOLDER/writer-N  on the first line the cookie, then lines of a content id, a tab, and the fields of
--                    the form under that piece, encoded
--   FOLDER/texts     on each line a text, encoded
--   FOLDER/placed-N  written here: where each reply came to stand, or the status of what was refused
local number = 0

function setup(thread)
  thread:set("writer", number)
  number = number + 1
end

function init(args)
  local folder, round = args[1], tonumber(args[2])
  math.randomseed(1000 * round + writer)
  forms, texts, cookie, count = {}, {}, nil, 0
  for line in io.lines(folder .. "/writer-" .. writer) do
    if cookie then
      local content, fields = line:match("^(%d+)\t(.*)$")
      forms[#forms + 1] = {path = "/content/" .. content .. "/comments", fields = fields}
    else
      cookie = line
    end
  end
  for line in io.lines(folder .. "/texts") do texts[#texts + 1] = line end
  headers = {["Cookie"] = cookie, ["Content-Type"] = "application/x-www-form-urlencoded"}
  placed = io.open(folder .. "/placed-" .. writer, "a")
  placed:setvbuf("line")
end

-- A version 4 UUID, as the form would have held.
local function key()
  return (("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx"):gsub("x", function()
    return string.format("%x", math.random(0, 15))
  end))
end

function request()
  count = count + 1
  local form = forms[math.random(#forms)]
  local body = form.fields .. "&submission_key=" .. key() .. "&body=" .. texts[math.random(#texts)]
  return wrk.format("POST", form.path, headers, body)
end

function response(status, answer, _body)
  if status == 303 then
    placed:write(answer["Location"] or "nowhere", "\n")
  else
    placed:write("refused ", status, "\n")
  end
end

dofile("bench/wrk/report.lua")
