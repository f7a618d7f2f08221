"""Imported once by the server that worker processes are forked from: what every document needs is loaded there.

The workers then share the dictionary's memory and start in no time.
"""

from duiyi.preparing import tell_of_broken
from tmx import cache
from tmx.alignment.aligner import align
from tmx.segmentation import segment

cache.before_building = tell_of_broken
for _text, _language in (("你好。", "zh-CN"), ("Hello.", "en-US")):
    segment(_text, _language)
align(["你好。"], ["Hello."])
