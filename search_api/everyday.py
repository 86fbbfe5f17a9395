"""Words of every talk, which say little of what is asked.

"Coi", "ngó", "hẹn", "hình như": people wrap what they ask for in words that no plan has. General
spoken Vietnamese of the north and the south, not the wording of any question; words that are part
of others ("trang" of "trang thiết bị", "bảo" of "bảo hiểm") are left out.
"""

EVERYDAY = frozenset(
    """
    coi xem ngó nhìn dòm thấy nghe biết hiểu nhớ quên tưởng nghĩ hẹn mở lấy đưa cầm nắm lo chạy
    đi về tới đến lên xuống ra vô vào qua lại khép chốt xong rồi hết còn đủ thừa chiếm đạt mong
    muốn nên cố ráng gắng hứa kêu nói kể nêu hỏi đáp rẽ quay khuyên dặn nhủ đặt thả kéo đẩy chịu
    gánh nhờ sang giùm dùm giúp phiền đứng ngồi nằm dính thuộc gồm chia viết đọc ghi chép dựa
    bắt thôi tụi bọn họ nó ổng bả mấy mình ta tôi anh chị người
    thật rất quá lắm hơi khá cực riêng ngay liền luôn mãi hay vừa hẳn chắc lẽ dường chừng khoảng
    cỡ tầm rõ gọn nhanh lẹ kiểu thứ dạng lúc hôm dịp lâu mau sớm muộn chót bèn đành nhen nghen hen
    hử hở nhau cùng nào đó kia đây ấy gần xa hệt thêm bớt nhiều ít đông vắng to nhỏ lớn bé hơn kém
    chuyện vụ món cái chiếc chỗ nơi chốn khúc khâu bề phía đằng bên vai tên gọi mốc mảng
    bảng dòng cột bản khớp vênh trùng khác lệch một hai ba bốn bảy tám chín mười mỗi từng tất
    vì bởi tại do
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
